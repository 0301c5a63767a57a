/**
 * The operators of a plan as launches on one GPU, one class per family; for convolutions also the choice between
 * kernels of ours and cuDNN's. Public for the other rooms of the backend, no API.
 */
package org.lamella.cuda.operator;
