package org.lamella.cuda;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.bytedeco.cuda.global.cudart;
import org.lamella.backend.StepInput;
import org.lamella.backend.Tally;
import org.lamella.cuda.compile.KernelStructure;
import org.lamella.cuda.gpu.PinnedMemory;
import org.lamella.cuda.operator.Replica;
import org.lamella.cuda.team.Team;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

/** The results of steps on the host: in training the sums of every rank, else each rank's part of the output. */
final class StepResults implements AutoCloseable {

    private static final int TALLY_BYTES = KernelStructure.TALLY.bytes();

    private final Plan plan;
    private final Team team;
    private final HostPointers pointers;
    private final PinnedMemory tallies;

    /**
     * For a program.
     *
     * @param plan of the whole batch
     * @param team the GPUs
     * @param pointers of host buffers
     */
    StepResults(Plan plan, Team team, HostPointers pointers) {
        this.plan = plan;
        this.team = team;
        this.pointers = pointers;
        this.tallies = new PinnedMemory((long) team.size() * TALLY_BYTES, team.calls());
    }

    /** Starts the copy of a rank's results; the replica's event is recorded after it. */
    void fetch(Replica r, StepInput in) {
        r.gpu().use();
        if (isTraining()) {
            receive(r, tallies.address() + (long) r.rank() * TALLY_BYTES, r.result(), TALLY_BYTES, "the loss");
        } else {
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
        r.gpu().record(r.done(), r.gpu().compute());
    }

    private static void receive(Replica r, long to, long from, long bytes, String what) {
        r.gpu().copy(to, from, bytes, cudart.cudaMemcpyDeviceToHost, r.gpu().compute(), what);
    }

    /** The unscaled loss of the last step, over all ranks; 0 outside training. */
    double loss() {
        double loss = 0;
        for (int r = 0; r < (isTraining() ? team.size() : 0); r++) {
            loss += tallies.bytes().getDouble(r * TALLY_BYTES);
        }
        return loss;
    }

    private boolean isTraining() {
        return plan.options().mode() == PlanOptions.Mode.TRAINING;
    }

    /** Adds the counts of a step's predictions, in the layout of struct Tally of loss.cu. */
    void addTo(Tally to, int samples) {
        ByteBuffer b = tallies.bytes();
        for (int r = 0; r < team.size(); r++) {
            int at = r * TALLY_BYTES;
            to.add(
                    team.samples(samples, r),
                    b.getLong(at + 8),
                    b.getLong(at + 16),
                    b.getLong(at + 24),
                    b.getLong(at + 32),
                    b.getLong(at + 40));
        }
    }

    @Override
    public void close() {
        tallies.close();
    }
}
