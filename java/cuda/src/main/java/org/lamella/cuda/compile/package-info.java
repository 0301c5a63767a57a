/**
 * Kernels of ours, from their text to machine code: variants, sizes that Java and kernels share, NVRTC, what is kept or
 * was shipped. Public for the other rooms of the backend, no API.
 */
package org.lamella.cuda.compile;
