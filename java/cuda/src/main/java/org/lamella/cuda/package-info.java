/**
 * The CUDA backend: one or several NVIDIA GPUs behind the same interface as the CPU. This package has the entry points
 * and the run of a program's steps. Each package below uses only those above it in the list:
 *
 * <ul>
 *   <li>{@code library}: NVIDIA's libraries: search, load, report
 *   <li>{@code compile}: our kernels, from source text to machine code
 *   <li>{@code gpu}: one GPU: streams, memory, launches, graphs
 *   <li>{@code team}: several GPUs: communication, simultaneous launches
 *   <li>{@code operator}: the operators of a plan as launches
 * </ul>
 *
 * <p>Only {@link org.lamella.cuda.CudaDeviceProvider}, {@link org.lamella.cuda.CudaDevice} and
 * {@link org.lamella.cuda.GpuTraits} are API. The other packages are public only to each other, and may change.
 */
@NullMarked
package org.lamella.cuda;

import org.jspecify.annotations.NullMarked;
