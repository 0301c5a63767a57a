/** Whole steps on random data: their speed, and the time of each operator. */
@NullMarked
package org.lamella.bench.step;

import org.jspecify.annotations.NullMarked;
