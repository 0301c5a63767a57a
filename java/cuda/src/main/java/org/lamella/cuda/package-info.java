/**
 * The CUDA backend: one or several NVIDIA GPUs behind the same interface as the CPU. Here is its door, and a program on
 * its way through a step. Its rooms, each of which uses only those above it:
 *
 * <ul>
 *   <li>{@code library}: NVIDIA's libraries, found, loaded, reported
 *   <li>{@code compile}: kernels of ours, from their text to machine code
 *   <li>{@code gpu}: one GPU: streams, memory, launches, graphs
 *   <li>{@code team}: several GPUs: communication, launches at once
 *   <li>{@code operator}: the operators of a plan as launches
 * </ul>
 *
 * <p>API are {@link org.lamella.cuda.CudaDeviceProvider}, {@link org.lamella.cuda.CudaDevice} and
 * {@link org.lamella.cuda.GpuTraits} alone. What is public in the rooms is so for the other rooms, and may change.
 */
package org.lamella.cuda;
