/** Limits of speed: arithmetic and bytes of an operator, and the arithmetic and memory peaks of a machine. */
@NullMarked
package org.lamella.bench.limit;

import org.jspecify.annotations.NullMarked;
