package org.lamella.cuda.gpu;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.global.cudart;
import org.lamella.cuda.library.Checks;
import org.lamella.cuda.library.CudaException;

/** Work captured once into one CUDA graph per GPU; one call per GPU then starts all of it. */
public final class StepGraph implements AutoCloseable {

    /** The call that starts a graph. */
    public static final String LAUNCH = "cudaGraphLaunch";

    private final List<GpuContext> gpus;
    private final List<CUgraphExec_st> graphs = new ArrayList<>();

    /**
     * Captures the launches of {@code work} on the GPUs' compute streams, and on streams that events join to them and
     * back. None of them runs. The work must not wait, allocate, or join streams of different GPUs.
     *
     * @param gpus one or more
     * @param work the work to capture
     * @throws CudaException if it cannot be captured; the streams are then as before
     */
    public StepGraph(List<GpuContext> gpus, Runnable work) {
        this.gpus = gpus;
        try {
            capture(work);
        } catch (RuntimeException e) {
            throw CloseHelper.closeAfter(e, this);
        }
    }

    private void capture(Runnable work) {
        List<GpuContext> begun = new ArrayList<>();
        CudaException failure = null;
        try {
            for (GpuContext gpu : gpus) {
                gpu.use();
                Checks.runtime(
                        cudart.cudaStreamBeginCapture(gpu.compute(), cudart.cudaStreamCaptureModeThreadLocal),
                        "cudaStreamBeginCapture on " + gpu.name());
                begun.add(gpu);
            }
            work.run();
        } catch (CudaException e) {
            failure = e;
        }
        List<CUgraph_st> captured = new ArrayList<>();
        for (GpuContext gpu : begun) { // also after a failure, or the streams would stay in capture
            CUgraph_st graph = new CUgraph_st();
            gpu.use();
            int result = cudart.cudaStreamEndCapture(gpu.compute(), graph);
            captured.add(graph);
            if (result != cudart.cudaSuccess && failure == null) {
                failure = Checks.failure(result, "cudaStreamEndCapture on " + gpu.name());
            }
        }
        try {
            if (failure != null) {
                throw failure;
            }
            for (int i = 0; i < begun.size(); i++) {
                instantiate(begun.get(i), captured.get(i));
            }
        } finally { // the instantiated graphs do not need them
            for (int i = 0; i < captured.size(); i++) {
                if (!captured.get(i).isNull()) {
                    begun.get(i).released(cudart.cudaGraphDestroy(captured.get(i)), "cudaGraphDestroy");
                }
            }
        }
    }

    private void instantiate(GpuContext gpu, CUgraph_st graph) {
        CUgraphExec_st exec = new CUgraphExec_st();
        gpu.use();
        Checks.runtime(
                cudart.cudaGraphInstantiateWithFlags(exec, graph, 0), "cudaGraphInstantiateWithFlags on " + gpu.name());
        graphs.add(exec);
    }

    /**
     * Starts the work of one of the GPUs on its compute stream. The GPU must be the calling thread's current one. With
     * several GPUs each needs a separate thread.
     *
     * @param rank the GPU's index in the list
     * @throws CudaException if it is refused
     */
    public void launch(int rank) {
        int result = cudart.cudaGraphLaunch(graphs.get(rank), gpus.get(rank).compute());
        if (result != cudart.cudaSuccess) {
            Checks.runtime(result, LAUNCH + " on " + gpus.get(rank).name());
        }
    }

    @Override
    public void close() {
        if (gpus.get(0).calls().anyStuck()) {
            return;
        }
        for (int i = 0; i < graphs.size(); i++) {
            gpus.get(i).use();
            gpus.get(i).released(cudart.cudaGraphExecDestroy(graphs.get(i)), "cudaGraphExecDestroy");
        }
        graphs.clear();
    }
}
