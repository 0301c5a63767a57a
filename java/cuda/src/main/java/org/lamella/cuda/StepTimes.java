package org.lamella.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.global.cudart;
import org.lamella.cuda.library.Checks;
import org.lamella.cuda.operator.Replica;

/** The time of each operator on the first GPU, measured by events between operators. */
final class StepTimes {

    private final List<CUevent_st> marks = new ArrayList<>();
    private final double[] seconds;

    /**
     * Creates the events, which are valid until the replica is closed.
     *
     * @param first the replica of the first GPU
     * @param ops number of operators of a step
     */
    StepTimes(Replica first, int ops) {
        this.seconds = new double[ops];
        while (marks.size() <= ops) {
            marks.add(first.event());
        }
    }

    /** One event before each operator, and one after the last. */
    List<CUevent_st> marks() {
        return marks;
    }

    /** Adds the times of the last step. */
    void add() {
        float[] milliseconds = new float[1];
        for (int i = 0; i < seconds.length; i++) {
            Checks.runtime(
                    cudart.cudaEventElapsedTime(milliseconds, marks.get(i), marks.get(i + 1)), "cudaEventElapsedTime");
            seconds[i] += milliseconds[0] / 1e3;
        }
    }

    /** Seconds of each operator, over all steps. */
    double[] seconds() {
        return Arrays.copyOf(seconds, seconds.length);
    }
}
