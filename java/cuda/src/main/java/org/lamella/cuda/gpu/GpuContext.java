package org.lamella.cuda.gpu;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamella.cuda.compile.KernelCache;
import org.lamella.cuda.compile.KernelVariant;
import org.lamella.cuda.library.CudaException;

/** An open GPU: its streams, its kernels, and NVIDIA's libraries on it, if it has them. */
public final class GpuContext extends GpuStreams {

    private final KernelCache kernels;
    private final Map<KernelVariant, KernelModule> modules = new HashMap<>();
    private final Blas blas;
    private @Nullable Dnn dnn;

    /**
     * Opens a GPU for the calling thread.
     *
     * @param gpu the GPU
     * @param kernels source of its kernels
     * @param calls shared by all GPUs of a device
     * @throws CudaException if a stream or cuBLAS's workspace cannot be created
     */
    public GpuContext(Gpu gpu, KernelCache kernels, DriverCalls calls) {
        super(gpu, calls);
        this.kernels = kernels;
        try {
            this.blas = new Blas(this);
        } catch (RuntimeException e) {
            abandon();
            throw CloseHelper.closeAfter(e, super::close);
        }
    }

    /**
     * cuBLAS on this GPU, or the reason why it is missing.
     *
     * @return the same at each call
     */
    public Blas blas() {
        return blas;
    }

    /**
     * cuDNN on this GPU, opened at first use.
     *
     * @return the same at each call
     * @throws CudaException if it is missing or does not support this GPU
     */
    public Dnn dnn() {
        if (dnn == null) {
            dnn = new Dnn(this);
        }
        return dnn;
    }

    /**
     * The cache of compiled kernels and of measurements of them.
     *
     * @return the same at each call
     */
    public KernelCache kept() {
        return kernels;
    }

    /**
     * The kernels of a variant, loaded at first use; compiled for this GPU if they were not shipped.
     *
     * @param variant file and constants
     * @return the same for the same variant; closed together with this
     * @throws CudaException if they do not compile or load
     * @throws IllegalArgumentException if they must be compiled and there is no compiler
     */
    public KernelModule module(KernelVariant variant) {
        return modules.computeIfAbsent(
                variant,
                v -> kernels.load(v, properties().architecture(), code -> {
                    use();
                    return new KernelModule(v + " on " + name(), code);
                }));
    }

    /**
     * The first of some variants that this GPU can have: it was shipped, or there is a compiler.
     *
     * @param variants of one kernel file, the preferred first; at least one
     * @return the same at each call for the same variants; null if there is none
     */
    public @Nullable KernelVariant firstOf(List<KernelVariant> variants) {
        return modules.containsKey(variants.get(0))
                ? variants.get(0)
                : kernels.firstOf(variants, properties().architecture());
    }

    @Override
    public void close() {
        use();
        if (!failed()) { // closing modules and cuDNN waits for the GPU
            CloseHelper.closeAll(() -> CloseHelper.closeAll(modules.values()), blas, dnn, super::close);
        } else {
            CloseHelper.closeAll(blas, super::close);
        }
        modules.clear();
        dnn = null;
    }
}
