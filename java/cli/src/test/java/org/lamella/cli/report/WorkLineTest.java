package org.lamella.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.lamella.work.Work;
import org.lamella.work.WorkListener;

@Execution(ExecutionMode.SAME_THREAD) // one listener of the process
class WorkLineTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long now;

    private WorkLine line(boolean terminal) {
        return new WorkLine(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal, () -> now);
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private void after(double seconds) {
        now = Math.round(seconds * 1e9);
    }

    @AfterEach
    void nobodyListens() {
        Work.listen(WorkListener.NONE);
    }

    /** The clock of the line is the test's, that of the work is not: the work counts as just begun at each call. */
    private Work kernels(WorkLine line, double from, double to) {
        Work work = Work.begin("compiling", 0, "kernel");
        for (double t = from; t < to; t += 0.5) {
            after(t);
            line.at(work);
        }
        work.add(1);
        line.ended(work);
        return work;
    }

    @Test
    void onATerminalOneLineIsRewrittenAndRemoved() {
        WorkLine line = line(true);
        kernels(line, 0, 2);
        assertThat(text()).as("not before two seconds").isEmpty();
        kernels(line, 2, 4.1);
        List<String> shown = Arrays.asList(text().split("\r\033\\[K", -1));
        assertThat(shown.get(1)).isEqualTo("compiling: 1 kernel, 2 s so far");
        assertThat(shown.get(shown.size() - 1)).as("removed at the end").isEmpty();
        assertThat(text()).doesNotContain("\n");
    }

    @Test
    void aPauseBeginsAnew() {
        WorkLine line = line(true);
        kernels(line, 0, 1);
        kernels(line, 30, 31.5);
        assertThat(text()).isEmpty();
    }

    @Test
    void elsewhereThereIsALinePerTenSecondsAtMost() {
        WorkLine line = line(false);
        kernels(line, 0, 9.9);
        assertThat(text()).isEmpty();
        kernels(line, 10, 35);
        assertThat(text().lines())
                .containsExactly(
                        "compiling: 1 kernel, 10 s so far",
                        "compiling: 1 kernel, 20 s so far",
                        "compiling: 1 kernel, 30 s so far");
    }

    @Test
    void theListenerHearsHowFarWorkIsAndItsEnd() throws InterruptedException {
        StringBuilder heard = new StringBuilder();
        Work.listen(new WorkListener() {
            @Override
            public void at(Work work) {
                heard.append(work.done()).append(" of ").append(work.total()).append(' ');
            }

            @Override
            public void ended(Work work) {
                heard.append("end ").append(work.done());
            }
        });
        try (Work work = Work.begin("test", 10, "row")) {
            work.add(1);
            Thread.sleep(120);
            work.add(2);
            work.add(3); // within a tenth of a second
        }
        assertThat(heard.toString()).isEqualTo("3 of 10 end 6");
    }
}
