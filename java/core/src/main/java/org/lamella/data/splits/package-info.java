/** Partitions of rows into training, validation and test rows, stratified by labels, with groups kept together. */
@NullMarked
package org.lamella.data.splits;

import org.jspecify.annotations.NullMarked;
