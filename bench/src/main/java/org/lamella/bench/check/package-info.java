/** Checks of a device against an independent reference in double precision, and against the CPU. */
@NullMarked
package org.lamella.bench.check;

import org.jspecify.annotations.NullMarked;
