package org.lamella.bench.peers;

import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.lamella.bench.Median;

/**
 * One network in Lamella and in another engine: first the peer's best settings are searched, then windows of the two
 * engines alternate.
 *
 * @param task the work
 * @param peer the other engine
 * @param losses of Lamella in its first {@link #STEPS} steps from the common initial weights
 * @param peerLosses of the peer
 * @param search the results of the search for settings
 * @param training both engines in training
 * @param inference both engines in inference
 * @param bytes largest resident memory of Lamella's process in training
 * @param peerBytes of the peer's process
 */
public record PeerComparison(
        PeerTask task,
        Peer peer,
        double[] losses,
        double[] peerLosses,
        Settings search,
        Pair training,
        Pair inference,
        long bytes,
        long peerBytes) {

    /** Steps after which the losses are compared. */
    public static final int STEPS = 20;
    /** Largest relative difference of the losses at which a ratio is meaningful. */
    public static final double TOLERANCE = 1e-3;

    /**
     * Rates of alternating windows of both engines, in samples per second.
     *
     * @param ours of Lamella
     * @param peer of the peer
     * @param setting the peer's best setting
     */
    public record Pair(double[] ours, double[] peer, String setting) {
        /** {@return Lamella's median rate divided by the peer's} */
        public double ratio() {
            return Median.of(ours) / Median.of(peer);
        }
    }

    /**
     * Results of the search for settings.
     *
     * @param train samples per second of the peer in training, with its default settings
     * @param infer the same in inference
     * @param trials number of settings tried
     */
    public record Settings(double train, double infer, int trials) {}

    /**
     * Class paths of the two processes.
     *
     * @param ours of Lamella's process
     * @param peer of the other engine's process
     */
    public record ClassPaths(String ours, String peer) {}

    /** {@return Lamella's loss of the last compared step} */
    public double loss() {
        return losses[STEPS - 1];
    }

    /** {@return the peer's loss of the last compared step} */
    public double peerLoss() {
        return peerLosses[STEPS - 1];
    }

    /** {@return true if both engines did the same work: both losses fell, to the same value} */
    public boolean sameWork() {
        return loss() < losses[0]
                && peerLoss() < peerLosses[0]
                && Math.abs(loss() - peerLoss()) <= TOLERANCE * Math.abs(peerLoss());
    }

    /**
     * Runs the comparison.
     *
     * @param task the work
     * @param peer the other engine
     * @param paths class paths of both processes
     * @param windows windows of each engine, 1 or more
     * @param seconds length of a window, above 0
     * @param progress receives a line for each part
     * @return the results
     * @throws IOException if a process cannot be started
     * @throws IllegalStateException if an engine fails or exceeds its time limit
     */
    public static PeerComparison run(
            PeerTask task, Peer peer, ClassPaths paths, int windows, double seconds, Consumer<String> progress)
            throws IOException {
        String what = task.net() + " " + task.input() + ", " + peer.title() + ": ";
        SettingSearch.Found found = new SettingSearch(
                        s -> trial(task, peer, paths, s, seconds, progress), s -> progress.accept(what + s))
                .search(peer.axes(task.threads()));
        progress.accept(what + "side by side");
        try (PeerProcess ours =
                PeerProcess.start("lamella", paths.ours, LamellaContestant.class.getName(), PeerSetting.PLAIN, task)) {
            double[] losses = ours.losses(STEPS);
            double[] peerLosses;
            Pair training;
            long peerBytes;
            try (PeerProcess other = start(peer, paths, found.train(), task)) {
                peerLosses = other.losses(STEPS);
                training = alternate(
                        windows,
                        ours,
                        other,
                        p -> p.train(seconds),
                        found.train().name());
                peerBytes = other.largestResidentBytes();
            }
            long bytes = ours.largestResidentBytes();
            try (PeerProcess other = start(peer, paths, found.infer(), task)) {
                Pair inference = alternate(
                        windows,
                        ours,
                        other,
                        p -> p.infer(seconds),
                        found.infer().name());
                return new PeerComparison(
                        task,
                        peer,
                        losses,
                        peerLosses,
                        new Settings(
                                found.outOfTheBox().train(), found.outOfTheBox().infer(), found.trials()),
                        training,
                        inference,
                        bytes,
                        peerBytes);
            }
        }
    }

    private static PeerProcess start(Peer peer, ClassPaths paths, PeerSetting setting, PeerTask task)
            throws IOException {
        return PeerProcess.start(peer.title(), paths.peer, peer.mainClass(), setting, task);
    }

    /** Half a window to warm up, half to measure; if one step takes longer, that step is the measurement. */
    private static SettingSearch.@Nullable Rates trial(
            PeerTask task, Peer peer, ClassPaths paths, PeerSetting setting, double seconds, Consumer<String> progress)
            throws IOException {
        try (PeerProcess process = start(peer, paths, setting, task)) {
            double slow = task.batch() / (seconds / 2); // samples per second at one step per window
            double train = process.train(seconds / 2);
            train = train < slow ? train : process.train(seconds / 2);
            double infer = process.infer(seconds / 2);
            return new SettingSearch.Rates(train, infer < slow ? infer : process.infer(seconds / 2));
        } catch (IllegalStateException e) {
            progress.accept("  does not run with this setting: " + e.getMessage());
            return null;
        }
    }

    /** One window each to warm up, then alternating windows; the waiting process is stopped. */
    private static Pair alternate(
            int windows, PeerProcess ours, PeerProcess other, ToDoubleFunction<PeerProcess> window, String setting) {
        double[] a = new double[windows];
        double[] b = new double[windows];
        for (int w = -1; w < windows; w++) {
            double first = alone(ours, other, window);
            double second = alone(other, ours, window);
            if (w >= 0) {
                a[w] = first;
                b[w] = second;
            }
        }
        return new Pair(a, b, setting);
    }

    private static double alone(PeerProcess running, PeerProcess waiting, ToDoubleFunction<PeerProcess> window) {
        waiting.pause();
        try {
            return window.applyAsDouble(running);
        } finally {
            waiting.resume();
        }
    }
}
