package org.lamella.cuda.operator;

import java.util.ArrayList;
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
import org.lamella.cuda.gpu.CloseHelper;
import org.lamella.cuda.gpu.DevicePointer;
import org.lamella.cuda.gpu.Dnn;
import org.lamella.cuda.gpu.Launch;
import org.lamella.cuda.library.CudaException;
import org.lamella.device.Kernels;
import org.lamella.network.Convolution;
import org.lamella.network.Shape;

/**
 * A convolution as cuDNN describes it: single precision throughout, and only algorithms that give the same result every
 * time. Of the interface that both version 8 and 9 have.
 */
final class DnnConvolution implements AutoCloseable {

    /** More algorithms than cuDNN has for a direction. */
    private static final int MAX_ALGORITHMS = 16;

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
    DnnConvolution(Dnn dnn, Convolution layer, Shape in, int samples, int yStride) {
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
            check(
                    cudnn.cudnnSetFilter4dDescriptor(
                            w,
                            cudnn.CUDNN_DATA_FLOAT,
                            cudnn.CUDNN_TENSOR_NCHW,
                            layer.filters(),
                            in.channels(),
                            layer.kernelH(),
                            layer.kernelW()),
                    "cudnnSetFilter4dDescriptor");
            check(
                    cudnn.cudnnSetConvolution2dDescriptor(
                            convolution,
                            layer.padH(),
                            layer.padW(),
                            layer.strideH(),
                            layer.strideW(),
                            1,
                            1,
                            cudnn.CUDNN_CROSS_CORRELATION,
                            cudnn.CUDNN_DATA_FLOAT),
                    "cudnnSetConvolution2dDescriptor");
            // Else newer GPUs round factors to 10 bits.
            check(cudnn.cudnnSetConvolutionMathType(convolution, cudnn.CUDNN_FMA_MATH), "cudnnSetConvolutionMathType");
        } catch (CudaException e) {
            throw CloseHelper.closeAfter(e, this);
        }
    }

    private void describe(cudnnTensorStruct t, Shape s, int samples, int sampleStride) {
        check(
                cudnn.cudnnSetTensor4dDescriptorEx(
                        t,
                        cudnn.CUDNN_DATA_FLOAT,
                        samples,
                        s.channels(),
                        s.height(),
                        s.width(),
                        sampleStride,
                        s.height() * s.width(),
                        s.width(),
                        1),
                "cudnnSetTensor4dDescriptorEx");
    }

    /**
     * One of cuDNN's ways.
     *
     * @param name cuDNN's name for it, shortened
     * @param number cuDNN's number for it, which has a meaning for one pass only
     * @param workspace bytes that it wants
     */
    record Algorithm(String name, int number, long workspace) {}

    private interface Ranking {
        int ask(int[] count, cudnnConvolutionFwdAlgoPerf_t all);
    }

    /**
     * The deterministic algorithms for a pass that fit into a workspace, the one first that cuDNN thinks fastest; none
     * where it has none.
     *
     * @param most bytes of workspace
     */
    List<Algorithm> algorithms(Kernels.Pass pass, long most) {
        return switch (pass) {
            case FORWARD ->
                algorithms(
                        pass,
                        most,
                        "cudnnGetConvolutionForwardAlgorithm_v7",
                        (count, all) -> cudnn.cudnnGetConvolutionForwardAlgorithm_v7(
                                dnn.handle(), x, w, convolution, y, MAX_ALGORITHMS, count, all));
            case FILTER ->
                algorithms(
                        pass,
                        most,
                        "cudnnGetConvolutionBackwardFilterAlgorithm_v7",
                        (count, all) -> cudnn.cudnnGetConvolutionBackwardFilterAlgorithm_v7(
                                dnn.handle(),
                                x,
                                y,
                                convolution,
                                w,
                                MAX_ALGORITHMS,
                                count,
                                new cudnnConvolutionBwdFilterAlgoPerf_t(all)));
            case DATA ->
                algorithms(
                        pass,
                        most,
                        "cudnnGetConvolutionBackwardDataAlgorithm_v7",
                        (count, all) -> cudnn.cudnnGetConvolutionBackwardDataAlgorithm_v7(
                                dnn.handle(),
                                w,
                                y,
                                convolution,
                                x,
                                MAX_ALGORITHMS,
                                count,
                                new cudnnConvolutionBwdDataAlgoPerf_t(all)));
        };
    }

    /** The three kinds of answers have the same fields at the same places. */
    private List<Algorithm> algorithms(Kernels.Pass pass, long most, String call, Ranking ranking) {
        List<Algorithm> found = new ArrayList<>();
        int[] count = new int[1];
        try (cudnnConvolutionFwdAlgoPerf_t all = new cudnnConvolutionFwdAlgoPerf_t(MAX_ALGORITHMS)) {
            check(ranking.ask(count, all), call);
            for (int i = 0; i < count[0]; i++) {
                cudnnConvolutionFwdAlgoPerf_t one = all.getPointer(i);
                int number = one.algo();
                // Some come twice, once for each kind of arithmetic; the convolution's own decides.
                boolean known = found.stream().anyMatch(a -> a.number == number);
                if (one.status() == cudnn.CUDNN_STATUS_SUCCESS
                        && one.determinism() == cudnn.CUDNN_DETERMINISTIC
                        && !known) {
                    long bytes = workspace(pass, number);
                    if (bytes >= 0 && bytes <= most) {
                        found.add(new Algorithm(name(pass, number), number, bytes));
                    }
                }
            }
        }
        return found;
    }

    /** The algorithm of this number if it fits, else the first that does; null if none does. */
    Algorithm algorithm(Kernels.Pass pass, int number, long most) {
        long bytes = workspace(pass, number);
        if (bytes >= 0 && bytes <= most) {
            return new Algorithm(name(pass, number), number, bytes);
        }
        List<Algorithm> others = algorithms(pass, most);
        return others.isEmpty() ? null : others.get(0);
    }

    /** Bytes of workspace that an algorithm wants, -1 if it does not serve this convolution. */
    private long workspace(Kernels.Pass pass, int number) {
        try (SizeTPointer bytes = new SizeTPointer(1)) {
            int result = switch (pass) {
                case FORWARD ->
                    cudnn.cudnnGetConvolutionForwardWorkspaceSize(dnn.handle(), x, w, convolution, y, number, bytes);
                case FILTER ->
                    cudnn.cudnnGetConvolutionBackwardFilterWorkspaceSize(
                            dnn.handle(), x, y, convolution, w, number, bytes);
                case DATA ->
                    cudnn.cudnnGetConvolutionBackwardDataWorkspaceSize(
                            dnn.handle(), w, y, convolution, x, number, bytes);
            };
            return result == cudnn.CUDNN_STATUS_SUCCESS ? bytes.get() : -1;
        }
    }

    /** As enums cudnnConvolutionFwdAlgo_t, ...BwdFilterAlgo_t and ...BwdDataAlgo_t name and number them. */
    private static String name(Kernels.Pass pass, int number) {
        List<String> names = switch (pass) {
            case FORWARD ->
                List.of(
                        "IMPLICIT_GEMM",
                        "IMPLICIT_PRECOMP_GEMM",
                        "GEMM",
                        "DIRECT",
                        "FFT",
                        "FFT_TILING",
                        "WINOGRAD",
                        "WINOGRAD_NONFUSED");
            case FILTER -> List.of("ALGO_0", "ALGO_1", "FFT", "ALGO_3", "WINOGRAD", "WINOGRAD_NONFUSED", "FFT_TILING");
            case DATA -> List.of("ALGO_0", "ALGO_1", "FFT", "FFT_TILING", "WINOGRAD", "WINOGRAD_NONFUSED");
        };
        return number < names.size() ? names.get(number) : "algorithm " + number;
    }

    /** y = x * w; addresses on the GPU. */
    Launch forward(Algorithm a, long xAt, long wAt, long yAt, long workspace) {
        DevicePointer px = new DevicePointer(xAt);
        DevicePointer pw = new DevicePointer(wAt);
        DevicePointer py = new DevicePointer(yAt);
        DevicePointer space = new DevicePointer(workspace);
        return () -> check(
                cudnn.cudnnConvolutionForward(
                        dnn.handle(), one, x, px, w, pw, convolution, a.number, space, a.workspace, zero, y, py),
                "cudnnConvolutionForward");
    }

    /** dw = sums of x and dy. */
    Launch backwardFilter(Algorithm a, long xAt, long dyAt, long dwAt, long workspace) {
        DevicePointer px = new DevicePointer(xAt);
        DevicePointer pdy = new DevicePointer(dyAt);
        DevicePointer pdw = new DevicePointer(dwAt);
        DevicePointer space = new DevicePointer(workspace);
        return () -> check(
                cudnn.cudnnConvolutionBackwardFilter(
                        dnn.handle(), one, x, px, y, pdy, convolution, a.number, space, a.workspace, zero, w, pdw),
                "cudnnConvolutionBackwardFilter");
    }

    /** dx = sums of w and dy, or dx += those. */
    Launch backwardData(Algorithm a, long wAt, long dyAt, long dxAt, boolean accumulate, long workspace) {
        DevicePointer pw = new DevicePointer(wAt);
        DevicePointer pdy = new DevicePointer(dyAt);
        DevicePointer pdx = new DevicePointer(dxAt);
        DevicePointer space = new DevicePointer(workspace);
        return () -> check(
                cudnn.cudnnConvolutionBackwardData(
                        dnn.handle(),
                        one,
                        w,
                        pw,
                        y,
                        pdy,
                        convolution,
                        a.number,
                        space,
                        a.workspace,
                        accumulate ? one : zero,
                        x,
                        pdx),
                "cudnnConvolutionBackwardData");
    }

    private void check(int result, String call) {
        if (result != cudnn.CUDNN_STATUS_SUCCESS) { // the text is made only when it is needed
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
