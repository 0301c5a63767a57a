/** A device beside an independent reference in double precision, and beside the CPU. */
@NullMarked
package org.lamella.bench.check;

import org.jspecify.annotations.NullMarked;
