/** Sequences of DNA, RNA and proteins: their alphabets, and the encodings that make numbers of them. */
package org.lamella.data.sequences;
