/** The CPU backend: native SIMD kernels behind one C interface. */
@NullMarked
package org.lamella.cpu;

import org.jspecify.annotations.NullMarked;
