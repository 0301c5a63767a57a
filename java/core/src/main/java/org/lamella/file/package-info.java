/** Files that are written completely or not at all, and messages for failures. */
@NullMarked
package org.lamella.file;

import org.jspecify.annotations.NullMarked;
