/** Splits of rows into training, validation and test rows, stratified by labels, with groups kept together. */
package org.lamella.data.splits;
