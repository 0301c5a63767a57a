package org.lamella.cuda.operator;

import org.lamella.device.Kernels;

/**
 * Algorithms by which cuDNN computes the passes of a convolution; null for a pass that a kernel of ours computes, or
 * that the operator does not have.
 */
record DnnAlgorithms(DnnConvolution.Algorithm forward, DnnConvolution.Algorithm filter, DnnConvolution.Algorithm data) {

    /** Kernels of ours do it all. */
    static final DnnAlgorithms NONE = new DnnAlgorithms(null, null, null);

    DnnConvolution.Algorithm of(Kernels.Pass pass) {
        return switch (pass) {
            case FORWARD -> forward;
            case FILTER -> filter;
            case DATA -> data;
        };
    }

    DnnAlgorithms with(Kernels.Pass pass, DnnConvolution.Algorithm algorithm) {
        return switch (pass) {
            case FORWARD -> new DnnAlgorithms(algorithm, filter, data);
            case FILTER -> new DnnAlgorithms(forward, algorithm, data);
            case DATA -> new DnnAlgorithms(forward, filter, algorithm);
        };
    }
}
