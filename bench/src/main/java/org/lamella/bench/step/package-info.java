/** Whole steps on random data: how fast they go, and which operator takes how long. */
@NullMarked
package org.lamella.bench.step;

import org.jspecify.annotations.NullMarked;
