/** Rows and labels of datasets: which are known, how often they occur, how they are split. */
@NullMarked
package org.lamella.data.rows;

import org.jspecify.annotations.NullMarked;
