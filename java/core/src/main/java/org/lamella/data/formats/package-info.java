/**
 * Formats of files: a reader for each, which makes a table, and the list of them all in {@link TableFormats}; packed
 * datasets; and the writer of features for other programs.
 */
@NullMarked
package org.lamella.data.formats;

import org.jspecify.annotations.NullMarked;
