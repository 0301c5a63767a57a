/** Single kernels, checked and then timed with JMH. */
@NullMarked
package org.lamella.bench.kernels;

import org.jspecify.annotations.NullMarked;
