/** The CPU backend: native SIMD kernels, called through one C interface. */
@NullMarked
package org.lamella.cpu;

import org.jspecify.annotations.NullMarked;
