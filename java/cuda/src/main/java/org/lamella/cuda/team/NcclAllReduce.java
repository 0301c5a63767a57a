package org.lamella.cuda.team;

import org.lamella.cuda.gpu.Launch;
import org.lamella.cuda.library.CudaException;

/** All-reduce by NCCL, in place. */
public final class NcclAllReduce extends AllReduce {

    private final Communicator communicator;

    /**
     * For a program.
     *
     * @param team the GPUs
     * @param communicator between them
     * @throws CudaException if an event cannot be created
     */
    public NcclAllReduce(Team team, Communicator communicator) {
        super(team);
        this.communicator = communicator;
    }

    @Override
    public Launch sum(int place, long[] addresses, long count, boolean doubles) {
        return () -> {
            for (int r = 0; r < team().size(); r++) {
                team().gpus().get(r).use();
                begin(r);
            }
            communicator.sum(addresses, count, doubles);
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
