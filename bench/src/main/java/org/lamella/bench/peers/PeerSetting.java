package org.lamella.bench.peers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a peer is started.
 *
 * @param name for the table
 * @param environment variables added
 * @param arguments added behind the task's
 */
public record PeerSetting(String name, Map<String, String> environment, List<String> arguments) {

    /** Nothing set. */
    public static final PeerSetting PLAIN = new PeerSetting("plain", Map.of(), List.of());

    /** PyTorch as it comes: contiguous tensors, nothing in the environment. */
    public static final PeerSetting TORCH_OUT_OF_THE_BOX =
            new PeerSetting("out of the box", Map.of(), List.of("channels-first"));

    /**
     * PyTorch's small grid: glibc's allocator keeps its memory instead of giving it back after every step, OpenBLAS has no
     * thread pool of its own beside OpenMP's; both layouts, and OpenMP threads that spin for a while or go to sleep.
     */
    public static List<PeerSetting> torchGrid(int threads) {
        List<PeerSetting> grid = new ArrayList<>();
        for (String layout : List.of("channels-first", "channels-last")) {
            for (String wait : List.of("default", "passive")) {
                Map<String, String> environment = new LinkedHashMap<>();
                environment.put("MALLOC_TRIM_THRESHOLD_", "8589934592");
                environment.put("MALLOC_MMAP_THRESHOLD_", "8589934592");
                environment.put("MALLOC_TOP_PAD_", "268435456");
                environment.put("OPENBLAS_NUM_THREADS", "1");
                environment.put("OMP_NUM_THREADS", String.valueOf(threads));
                if (!wait.equals("default")) {
                    environment.put("OMP_WAIT_POLICY", wait);
                }
                grid.add(new PeerSetting("memory kept, 1 BLAS thread, " + layout + ", OpenMP wait " + wait, environment,
                        List.of(layout)));
            }
        }
        return grid;
    }
}
