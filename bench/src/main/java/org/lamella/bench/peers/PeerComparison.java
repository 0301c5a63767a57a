package org.lamella.bench.peers;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * One network in this engine and in PyTorch, side by side: first the peer's best settings are looked for, then windows
 * of the two engines alternate.
 *
 * @param task the work
 * @param loss this engine's after {@link #STEPS} steps from the common initial weights
 * @param peerLoss the peer's
 * @param outOfTheBox training samples a second of the peer as it comes
 * @param training both engines in training, samples a second
 * @param inference both engines in inference
 * @param bytes largest resident memory of this engine's process in training
 * @param peerBytes of the peer's
 */
public record PeerComparison(PeerTask task, double loss, double peerLoss, double outOfTheBox, Pair training,
                             Pair inference, long bytes, long peerBytes) {

    /** Steps after which the losses are compared. */
    public static final int STEPS = 20;
    /** Largest relative difference of the losses with which a ratio means anything. */
    public static final double TOLERANCE = 1e-3;

    /**
     * Medians of alternating windows.
     *
     * @param ours samples a second
     * @param peer samples a second
     * @param setting the peer's best
     */
    public record Pair(double ours, double peer, String setting) {
        /** How many times faster this engine is. */
        public double ratio() {
            return ours / peer;
        }
    }

    /** Class paths of the two processes. */
    public record ClassPaths(String ours, String torch) {
    }

    private static final String TORCH = "org.lamella.bench.peers.pytorch.PyTorchContestant";

    /** True if both engines did the same work. */
    public boolean sameWork() {
        return Math.abs(loss - peerLoss) <= TOLERANCE * Math.abs(peerLoss);
    }

    /**
     * Runs the comparison.
     *
     * @param windows windows of each engine
     * @param seconds length of a window
     * @param progress hears what is being done
     */
    public static PeerComparison run(PeerTask task, ClassPaths paths, int windows, double seconds,
                                     Consumer<String> progress) throws IOException {
        Best best = new Best();
        progress.accept(task.net() + ": PyTorch out of the box");
        best.tryOut(task, paths, PeerSetting.TORCH_OUT_OF_THE_BOX, seconds);
        double outOfTheBox = best.trainRate;
        for (PeerSetting setting : PeerSetting.torchGrid(task.threads())) {
            progress.accept(task.net() + ": PyTorch, " + setting.name());
            best.tryOut(task, paths, setting, seconds);
        }
        progress.accept(task.net() + ": side by side");
        try (PeerProcess ours = PeerProcess.start("lamella", paths.ours, LamellaContestant.class.getName(),
                PeerSetting.PLAIN, task)) {
            double loss = last(ours.losses(STEPS));
            double peerLoss;
            Pair training;
            long peerBytes;
            try (PeerProcess peer = PeerProcess.start("pytorch", paths.torch, TORCH, best.train, task)) {
                peerLoss = last(peer.losses(STEPS));
                double[][] rates = alternate(windows, () -> ours.train(seconds), () -> peer.train(seconds));
                training = new Pair(median(rates[0]), median(rates[1]), best.train.name());
                peerBytes = peer.largestResidentBytes();
            }
            long bytes = ours.largestResidentBytes();
            try (PeerProcess peer = PeerProcess.start("pytorch", paths.torch, TORCH, best.infer, task)) {
                double[][] rates = alternate(windows, () -> ours.infer(seconds), () -> peer.infer(seconds));
                Pair inference = new Pair(median(rates[0]), median(rates[1]), best.infer.name());
                return new PeerComparison(task, loss, peerLoss, outOfTheBox, training, inference, bytes, peerBytes);
            }
        }
    }

    private static final class Best {
        private PeerSetting train;
        private PeerSetting infer;
        private double trainRate;
        private double inferRate;

        void tryOut(PeerTask task, ClassPaths paths, PeerSetting setting, double seconds) throws IOException {
            try (PeerProcess peer = PeerProcess.start("pytorch", paths.torch, TORCH, setting, task)) {
                peer.train(seconds);
                double training = peer.train(seconds);
                if (training > trainRate) {
                    trainRate = training;
                    train = setting;
                }
                peer.infer(seconds / 2);
                double inference = peer.infer(seconds);
                if (inference > inferRate) {
                    inferRate = inference;
                    infer = setting;
                }
            }
        }
    }

    private interface Window {
        double run();
    }

    private static double[][] alternate(int windows, Window a, Window b) {
        double[][] rates = new double[2][windows];
        a.run();  // one each to warm up
        b.run();
        for (int w = 0; w < windows; w++) {
            rest();
            rates[0][w] = a.run();
            rest();
            rates[1][w] = b.run();
        }
        return rates;
    }

    /** OpenMP's threads spin for a while after their last work (Intel's for 200 ms), at the cost of whoever comes next. */
    private static void rest() {
        try {
            Thread.sleep(400);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the comparison was interrupted", e);
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double last(double[] values) {
        return values[values.length - 1];
    }
}
