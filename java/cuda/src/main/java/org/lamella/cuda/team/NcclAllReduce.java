package org.lamella.cuda.team;

import org.lamella.cuda.gpu.Launch;
import org.lamella.cuda.library.CudaException;

/** Sums by NCCL, in place. */
public final class NcclAllReduce extends AllReduce {

    /**
     * For a program.
     *
     * @param team GPUs that have a communicator
     * @throws CudaException if its events cannot be had
     */
    public NcclAllReduce(Team team) {
        super(team);
    }

    @Override
    public Launch sum(int place, long[] addresses, long count, boolean doubles) {
        return () -> {
            for (int r = 0; r < team().size(); r++) {
                team().gpus().get(r).use();
                begin(r);
            }
            team().communicator().sum(addresses, count, doubles);
        };
    }

    @Override
    public boolean capturable() {
        return true;
    }

    @Override
    public String description() {
        return "sums between GPUs by NCCL";
    }
}
