/**
 * Our kernels, from source text to machine code: variants, sizes shared by Java and kernels, NVRTC, the cache and the
 * shipped kernels. Public to the other packages of the backend; not API.
 */
@NullMarked
package org.lamella.cuda.compile;

import org.jspecify.annotations.NullMarked;
