/** Files that are written whole or not at all, and what to say where that fails. */
@NullMarked
package org.lamella.file;

import org.jspecify.annotations.NullMarked;
