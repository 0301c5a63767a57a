package org.lamella.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.global.cudart;
import org.lamella.cuda.library.Checks;
import org.lamella.cuda.operator.Replica;

/** What the operators of steps take on the first GPU, by events between them. */
final class StepTimes {

    private final List<CUevent_st> marks = new ArrayList<>();
    private final double[] seconds;

    /**
     * Takes the events, which live as long as the replica.
     *
     * @param first the first GPU's
     * @param ops of a step
     */
    StepTimes(Replica first, int ops) {
        this.seconds = new double[ops];
        while (marks.size() <= ops) {
            marks.add(first.event());
        }
    }

    /** One in front of each operator, and one behind the last. */
    List<CUevent_st> marks() {
        return marks;
    }

    /** Adds the times of a step that has ended. */
    void add() {
        float[] milliseconds = new float[1];
        for (int i = 0; i < seconds.length; i++) {
            Checks.runtime(
                    cudart.cudaEventElapsedTime(milliseconds, marks.get(i), marks.get(i + 1)), "cudaEventElapsedTime");
            seconds[i] += milliseconds[0] / 1e3;
        }
    }

    /** Of each operator, over all steps. */
    double[] seconds() {
        return Arrays.copyOf(seconds, seconds.length);
    }
}
