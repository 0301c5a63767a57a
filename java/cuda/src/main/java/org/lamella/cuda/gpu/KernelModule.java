package org.lamella.cuda.gpu;

import java.util.HashMap;
import java.util.Map;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;
import org.lamella.cuda.library.Checks;
import org.lamella.cuda.library.CudaException;

/**
 * Machine code loaded on the calling thread's current device, with its kernels. The owner closes it on the same device.
 * Not thread-safe.
 */
public final class KernelModule implements AutoCloseable {

    private final String what;
    private final CUmod_st module = new CUmod_st();
    private final Map<String, CUfunc_st> functions = new HashMap<>();
    private boolean closed;

    /**
     * Loads machine code.
     *
     * @param what for messages: the variant and the device
     * @param code all of it
     * @throws CudaException if the driver refuses it
     */
    public KernelModule(String what, byte[] code) {
        this.what = what;
        try (BytePointer image = new BytePointer(code)) {
            Checks.driver(cudart.cuModuleLoadData(module, image), "cuModuleLoadData(" + what + ")");
        }
    }

    /**
     * Prepares a launch of a kernel.
     *
     * @param kernel its name
     * @param gridX blocks along x, 1 or more
     * @param gridY blocks along y, 1 to 65 535
     * @param gridZ blocks along z, 1 to 65 535
     * @param block threads of a block, 1 to 1 024
     * @param stream its stream; null is the default stream
     * @param arguments closed together with the launch
     * @return the launch, whose run throws a {@link CudaException} if it is refused
     * @throws CudaException if there is no such kernel
     * @throws IllegalStateException if this is closed
     */
    public Launch prepare(
            String kernel,
            int gridX,
            int gridY,
            int gridZ,
            int block,
            @Nullable CUstream_st stream,
            Arguments arguments) {
        if (closed) {
            throw new IllegalStateException("the module of " + what + " is closed");
        }
        CUfunc_st function = functions.computeIfAbsent(kernel, this::find);
        PointerPointer<BytePointer> values = arguments.pointers();
        return new Launch() {
            @Override
            public void run() {
                int result = cudart.cuLaunchKernel(
                        function, gridX, gridY, gridZ, block, 1, 1, 0, stream, values, (PointerPointer<?>) null);
                if (result != cudart.CUDA_SUCCESS) { // builds the text only on failure
                    Checks.driver(
                            result,
                            "cuLaunchKernel(" + kernel + ", grid " + gridX + "x" + gridY + "x" + gridZ + ", block "
                                    + block + ") of " + what);
                }
            }

            @Override
            public void close() {
                arguments.close();
            }
        };
    }

    private CUfunc_st find(String kernel) {
        CUfunc_st function = new CUfunc_st();
        Checks.driver(
                cudart.cuModuleGetFunction(function, module, kernel), "cuModuleGetFunction(" + kernel + ") of " + what);
        return function;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Checks.driver(cudart.cuModuleUnload(module), "cuModuleUnload(" + what + ")");
        }
    }
}
