package org.lamella.cuda;

/** Sums by NCCL, in place. */
final class NcclExchange extends Exchange {

    NcclExchange(Team team) {
        super(team);
    }

    @Override
    Launch sum(int place, long[] addresses, long count, boolean doubles) {
        return () -> {
            for (int r = 0; r < team().size(); r++) {
                team().gpus().get(r).use();
                begin(r);
            }
            team().links().sum(addresses, count, doubles);
        };
    }

    @Override
    boolean capturable() {
        return true;
    }

    @Override
    String description() {
        return "sums between GPUs by NCCL";
    }
}
