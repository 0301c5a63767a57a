/** Reads the machine code of CUDA kernels: instructions, loops, and the resources that a kernel takes. */
@NullMarked
package org.lamella.bench.machinecode;

import org.jspecify.annotations.NullMarked;
