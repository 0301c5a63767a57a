package org.lamella.cuda.operator;

import org.jspecify.annotations.Nullable;
import org.lamella.device.Kernels;

/**
 * cuDNN's algorithms for the passes of a convolution; null for a pass that our own kernel computes, or that the
 * operator does not have.
 */
record DnnAlgorithms(
        DnnConvolution.@Nullable Algorithm forward,
        DnnConvolution.@Nullable Algorithm filter,
        DnnConvolution.@Nullable Algorithm data) {

    /** Our own kernels compute all passes. */
    static final DnnAlgorithms NONE = new DnnAlgorithms(null, null, null);

    DnnConvolution.@Nullable Algorithm of(Kernels.Pass pass) {
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
