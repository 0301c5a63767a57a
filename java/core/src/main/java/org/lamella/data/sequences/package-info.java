/** Sequences of DNA, RNA and proteins: their alphabets, and the encodings that make numbers of them. */
@NullMarked
package org.lamella.data.sequences;

import org.jspecify.annotations.NullMarked;
