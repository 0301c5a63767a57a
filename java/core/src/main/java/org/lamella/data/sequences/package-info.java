/** Sequences of DNA, RNA and proteins: their alphabets, and their encodings as numbers. */
@NullMarked
package org.lamella.data.sequences;

import org.jspecify.annotations.NullMarked;
