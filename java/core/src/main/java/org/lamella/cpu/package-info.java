/** The CPU backend: native SIMD kernels behind one C interface. */
package org.lamella.cpu;
