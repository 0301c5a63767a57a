/** Kernels one by one, checked and then timed by JMH. */
@NullMarked
package org.lamella.bench.kernels;

import org.jspecify.annotations.NullMarked;
