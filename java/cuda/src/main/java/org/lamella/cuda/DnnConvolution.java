package org.lamella.cuda;

import java.util.List;
import org.bytedeco.cuda.cudnn.cudnnConvolutionBwdDataAlgoPerf_t;
import org.bytedeco.cuda.cudnn.cudnnConvolutionBwdFilterAlgoPerf_t;
import org.bytedeco.cuda.cudnn.cudnnConvolutionFwdAlgoPerf_t;
import org.bytedeco.cuda.cudnn.cudnnConvolutionStruct;
import org.bytedeco.cuda.cudnn.cudnnFilterStruct;
import org.bytedeco.cuda.cudnn.cudnnTensorStruct;
import org.bytedeco.cuda.global.cudnn;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.lamella.network.Layer;
import org.lamella.network.Shape;

/**
 * A convolution as cuDNN describes it: single precision throughout, and only algorithms that give the same result every time. Of
 * the interface that both version 8 and 9 have.
 */
final class DnnConvolution implements AutoCloseable {

    /** More algorithms than cuDNN has for a direction. */
    private static final int MOST_ALGORITHMS = 16;

    private final Dnn dnn;
    private final String what;
    private final cudnnTensorStruct x = new cudnnTensorStruct();
    private final cudnnTensorStruct y = new cudnnTensorStruct();
    private final cudnnFilterStruct w = new cudnnFilterStruct();
    private final cudnnConvolutionStruct convolution = new cudnnConvolutionStruct();
    private final FloatPointer one = new FloatPointer(1).put(1);
    private final FloatPointer zero = new FloatPointer(1).put(0);

    /**
     * @param samples at least 1
     * @param yStride floats from one sample of the output to the next
     */
    DnnConvolution(Dnn dnn, Layer.Convolution layer, Shape in, int samples, int yStride) {
        Shape out = layer.output(List.of(in));
        this.dnn = dnn;
        this.what = "(" + samples + " x " + in + " by " + layer.filters() + " filters of " + layer.kernelH() + " x "
                + layer.kernelW() + ")";
        try {
            check(cudnn.cudnnCreateTensorDescriptor(x), "cudnnCreateTensorDescriptor");
            check(cudnn.cudnnCreateTensorDescriptor(y), "cudnnCreateTensorDescriptor");
            check(cudnn.cudnnCreateFilterDescriptor(w), "cudnnCreateFilterDescriptor");
            check(cudnn.cudnnCreateConvolutionDescriptor(convolution), "cudnnCreateConvolutionDescriptor");
            describe(x, in, samples, in.elements());
            describe(y, out, samples, yStride);
            check(cudnn.cudnnSetFilter4dDescriptor(w, cudnn.CUDNN_DATA_FLOAT, cudnn.CUDNN_TENSOR_NCHW, layer.filters(), in.channels(),
                    layer.kernelH(), layer.kernelW()), "cudnnSetFilter4dDescriptor");
            check(cudnn.cudnnSetConvolution2dDescriptor(convolution, layer.padH(), layer.padW(), layer.strideH(), layer.strideW(), 1, 1,
                    cudnn.CUDNN_CROSS_CORRELATION, cudnn.CUDNN_DATA_FLOAT), "cudnnSetConvolution2dDescriptor");
            // Else newer GPUs round factors to 10 bits.
            check(cudnn.cudnnSetConvolutionMathType(convolution, cudnn.CUDNN_FMA_MATH), "cudnnSetConvolutionMathType");
        } catch (CudaException e) {
            close();
            throw e;
        }
    }

    private void describe(cudnnTensorStruct t, Shape s, int samples, int sampleStride) {
        check(cudnn.cudnnSetTensor4dDescriptorEx(t, cudnn.CUDNN_DATA_FLOAT, samples, s.channels(), s.height(), s.width(), sampleStride,
                s.height() * s.width(), s.width(), 1), "cudnnSetTensor4dDescriptorEx");
    }

    /** An algorithm and the bytes of workspace that it wants; null where cuDNN has none. */
    record Algorithm(int number, long workspace) {
    }

    private interface Ranking {
        int ask(int[] count, cudnnConvolutionFwdAlgoPerf_t all);
    }

    private interface Workspace {
        int ask(int algorithm, SizeTPointer bytes);
    }

    /** The algorithm that cuDNN thinks fastest among those that fit into a workspace. */
    Algorithm forward(long most) {
        return first(most, "cudnnGetConvolutionForwardAlgorithm_v7",
                (count, all) -> cudnn.cudnnGetConvolutionForwardAlgorithm_v7(dnn.handle(), x, w, convolution, y, MOST_ALGORITHMS, count,
                        all),
                (a, bytes) -> cudnn.cudnnGetConvolutionForwardWorkspaceSize(dnn.handle(), x, w, convolution, y, a, bytes));
    }

    /** Likewise for the gradient of the filters. */
    Algorithm backwardFilter(long most) {
        return first(most, "cudnnGetConvolutionBackwardFilterAlgorithm_v7",
                (count, all) -> cudnn.cudnnGetConvolutionBackwardFilterAlgorithm_v7(dnn.handle(), x, y, convolution, w, MOST_ALGORITHMS,
                        count, new cudnnConvolutionBwdFilterAlgoPerf_t(all)),
                (a, bytes) -> cudnn.cudnnGetConvolutionBackwardFilterWorkspaceSize(dnn.handle(), x, y, convolution, w, a, bytes));
    }

    /** Likewise for the gradient of the input. */
    Algorithm backwardData(long most) {
        return first(most, "cudnnGetConvolutionBackwardDataAlgorithm_v7",
                (count, all) -> cudnn.cudnnGetConvolutionBackwardDataAlgorithm_v7(dnn.handle(), w, y, convolution, x, MOST_ALGORITHMS,
                        count, new cudnnConvolutionBwdDataAlgoPerf_t(all)),
                (a, bytes) -> cudnn.cudnnGetConvolutionBackwardDataWorkspaceSize(dnn.handle(), w, y, convolution, x, a, bytes));
    }

    /** The three kinds of answers have the same fields at the same places. */
    private Algorithm first(long most, String call, Ranking ranking, Workspace workspace) {
        int[] count = new int[1];
        try (cudnnConvolutionFwdAlgoPerf_t all = new cudnnConvolutionFwdAlgoPerf_t(MOST_ALGORITHMS);
                SizeTPointer bytes = new SizeTPointer(1)) {
            check(ranking.ask(count, all), call);
            for (int i = 0; i < count[0]; i++) {
                cudnnConvolutionFwdAlgoPerf_t one = all.getPointer(i);
                if (one.status() == cudnn.CUDNN_STATUS_SUCCESS && one.determinism() == cudnn.CUDNN_DETERMINISTIC
                        && workspace.ask(one.algo(), bytes) == cudnn.CUDNN_STATUS_SUCCESS && bytes.get() <= most) {
                    return new Algorithm(one.algo(), bytes.get());
                }
            }
            return null;
        }
    }

    /** y = x * w; addresses on the GPU. */
    Launch forward(Algorithm a, long xAt, long wAt, long yAt, long workspace) {
        DevicePointer px = new DevicePointer(xAt);
        DevicePointer pw = new DevicePointer(wAt);
        DevicePointer py = new DevicePointer(yAt);
        DevicePointer space = new DevicePointer(workspace);
        return () -> check(cudnn.cudnnConvolutionForward(dnn.handle(), one, x, px, w, pw, convolution, a.number, space, a.workspace, zero,
                y, py), "cudnnConvolutionForward");
    }

    /** dw = sums of x and dy. */
    Launch backwardFilter(Algorithm a, long xAt, long dyAt, long dwAt, long workspace) {
        DevicePointer px = new DevicePointer(xAt);
        DevicePointer pdy = new DevicePointer(dyAt);
        DevicePointer pdw = new DevicePointer(dwAt);
        DevicePointer space = new DevicePointer(workspace);
        return () -> check(cudnn.cudnnConvolutionBackwardFilter(dnn.handle(), one, x, px, y, pdy, convolution, a.number, space, a.workspace,
                zero, w, pdw), "cudnnConvolutionBackwardFilter");
    }

    /** dx = sums of w and dy, or dx += those. */
    Launch backwardData(Algorithm a, long wAt, long dyAt, long dxAt, boolean accumulate, long workspace) {
        DevicePointer pw = new DevicePointer(wAt);
        DevicePointer pdy = new DevicePointer(dyAt);
        DevicePointer pdx = new DevicePointer(dxAt);
        DevicePointer space = new DevicePointer(workspace);
        return () -> check(cudnn.cudnnConvolutionBackwardData(dnn.handle(), one, w, pw, y, pdy, convolution, a.number, space, a.workspace,
                accumulate ? one : zero, x, pdx), "cudnnConvolutionBackwardData");
    }

    private void check(int result, String call) {
        if (result != cudnn.CUDNN_STATUS_SUCCESS) {  // the text is made only when it is needed
            dnn.check(result, call + what);
        }
    }

    @Override
    public void close() {
        if (!x.isNull()) {
            cudnn.cudnnDestroyTensorDescriptor(x);
        }
        if (!y.isNull()) {
            cudnn.cudnnDestroyTensorDescriptor(y);
        }
        if (!w.isNull()) {
            cudnn.cudnnDestroyFilterDescriptor(w);
        }
        if (!convolution.isNull()) {
            cudnn.cudnnDestroyConvolutionDescriptor(convolution);
        }
        one.close();
        zero.close();
    }
}
