/** The checkup of data before training: counts and findings, by labels, rows and columns. */
@NullMarked
package org.lamella.data.checkup;

import org.jspecify.annotations.NullMarked;
