/** What nothing can pass: the arithmetic and the bytes of an operator, and what a machine can do of both. */
@NullMarked
package org.lamella.bench.limit;

import org.jspecify.annotations.NullMarked;
