/**
 * The operators of a plan as launches on one GPU, one class per family; for convolutions also the choice between our
 * kernels and cuDNN's. Public to the other packages of the backend; not API.
 */
@NullMarked
package org.lamella.cuda.operator;

import org.jspecify.annotations.NullMarked;
