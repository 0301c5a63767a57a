package org.lamella.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.lamella.bench.Median;
import org.lamella.network.Shape;

class PeerProcessTest {

    private static final PeerTask TASK = new PeerTask("mlp", Shape.vector(5), 3, 8, 1);

    private static PeerProcess start(PeerTask task) throws IOException {
        return PeerProcess.start(
                "lamella",
                System.getProperty("java.class.path"),
                LamellaContestant.class.getName(),
                PeerSetting.PLAIN,
                task);
    }

    @Test
    void aPausedProcessStandsStillAndGoesOn() throws IOException {
        assumeThat(Path.of("/proc/self/stat")).exists();
        try (PeerProcess process = start(TASK)) {
            double[] losses = process.losses(5);
            assertThat(losses).hasSize(5);
            assertThat(losses[4]).isLessThan(losses[0]);
            process.pause();
            assertThat(state(process)).isEqualTo("T");
            process.resume();
            assertThat(process.train(0.05)).isPositive();
            assertThat(process.infer(0.05)).isPositive();
            assertThat(process.largestResidentBytes()).isGreaterThan(1 << 20);
            process.pause(); // a paused process can be closed too
        }
    }

    private static String state(PeerProcess process) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.id() + "/stat"));
        return stat.substring(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
    }

    @Test
    void aProcessThatDoesNotStartSaysWhy() {
        assertThatThrownBy(() -> start(new PeerTask("no-such-network", Shape.vector(5), 3, 8, 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("lamella ended")
                .hasMessageContaining("no-such-network");
    }

    @Test
    void onlyTheSameWorkIsCompared() {
        assertThat(comparison(0.7, 0.5, 0.5004).sameWork()).isTrue();
        assertThat(comparison(0.7, 0.5, 0.5006).sameWork()).isFalse();
        assertThat(comparison(0.5, 0.5, 0.5).sameWork()).as("losses must fall").isFalse();
        assertThat(comparison(0.7, 0.5, Double.NaN).sameWork()).isFalse();
        assertThat(Median.of(new double[] {3, 1, 2})).isEqualTo(2);
    }

    private static PeerComparison comparison(double first, double last, double peerLast) {
        PeerComparison.Pair pair = new PeerComparison.Pair(new double[] {2}, new double[] {1}, "out of the box");
        return new PeerComparison(
                TASK,
                Peer.ONEDNN,
                losses(first, last),
                losses(first, peerLast),
                new PeerComparison.Settings(1, 1, 1),
                pair,
                pair,
                1,
                1);
    }

    private static double[] losses(double first, double last) {
        return DoubleStream.iterate(first, l -> last)
                .limit(PeerComparison.STEPS)
                .toArray();
    }

    @Test
    void tasksTravelAsArguments() {
        assertThat(PeerTask.parse(TASK.arguments())).isEqualTo(TASK);
        assertThat(List.of(TASK.arguments())).containsExactly("mlp", "5x1x1", "3", "8", "1");
    }
}
