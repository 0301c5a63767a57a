/** A device beside an independent reference in double precision, and beside the CPU. */
package org.lamella.bench.check;
