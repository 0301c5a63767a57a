package org.lamella.cuda;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.bytedeco.cuda.global.cudart;
import org.lamella.backend.StepInput;
import org.lamella.backend.Tally;
import org.lamella.cuda.operator.Replica;
import org.lamella.cuda.team.Team;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

/** The results of steps on the host: in training the sums of every rank, else each rank's part of the output. */
final class StepResults {

    private final Plan plan;
    private final Team team;
    private final List<Replica> replicas;
    private final HostPointers pointers;

    /**
     * For a program.
     *
     * @param plan of the whole batch
     * @param team the GPUs
     * @param replicas by rank
     * @param pointers of host buffers
     */
    StepResults(Plan plan, Team team, List<Replica> replicas, HostPointers pointers) {
        this.plan = plan;
        this.team = team;
        this.replicas = replicas;
        this.pointers = pointers;
    }

    /**
     * Starts the copy of a rank's part of the output; in training its last operators write the sums into memory of the
     * host. The replica's event is recorded after that.
     */
    void fetch(Replica r, StepInput in, int slot) {
        r.gpu().use();
        if (!isTraining()) {
            int from = team.firstSample(in.samples(), r.rank());
            int count = team.samples(in.samples(), r.rank());
            long row = (long) plan.outputElements() * Float.BYTES;
            if (count > 0) {
                receive(
                        r,
                        pointers.address(Objects.requireNonNull(in.output())) + from * row,
                        r.output(),
                        count * row,
                        "the output");
            }
        }
        r.gpu().record(r.done(slot), r.gpu().compute());
    }

    private static void receive(Replica r, long to, long from, long bytes, String what) {
        r.gpu().copy(to, from, bytes, cudart.cudaMemcpyDeviceToHost, r.gpu().compute(), what);
    }

    /** The unscaled loss of the step of a slot, over all ranks; 0 outside training. */
    double loss(int slot) {
        double loss = 0;
        for (Replica r : isTraining() ? replicas : List.<Replica>of()) {
            loss += r.tally().getDouble(r.tallyAt(slot));
        }
        return loss;
    }

    private boolean isTraining() {
        return plan.options().mode() == PlanOptions.Mode.TRAINING;
    }

    /** Adds the counts of the predictions of a slot's step, in the layout of struct Tally of loss.cu. */
    void addTo(Tally to, int samples, int slot) {
        for (Replica r : replicas) {
            ByteBuffer b = r.tally();
            int at = r.tallyAt(slot);
            to.add(
                    team.samples(samples, r.rank()),
                    b.getLong(at + 8),
                    b.getLong(at + 16),
                    b.getLong(at + 24),
                    b.getLong(at + 32),
                    b.getLong(at + 40));
        }
    }
}
