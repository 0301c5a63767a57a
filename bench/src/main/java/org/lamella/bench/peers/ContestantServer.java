package org.lamella.bench.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The process of one engine. It reads commands from standard input, one per line, and answers each with one line that
 * begins with {@code =}: {@code loss} (one training step; its loss), {@code train S} and {@code infer S} (steps for S
 * seconds; samples per second), {@code memory} (largest resident bytes so far), {@code quit}.
 */
public final class ContestantServer {

    private final int batch;
    private final PrintStream out;

    private ContestantServer(int batch, PrintStream out) {
        this.batch = batch;
        this.out = out;
    }

    /**
     * Serves until {@code quit} or the end of the input.
     *
     * @param contestant does the work; not closed here
     * @param task whose batch turns steps into samples
     * @throws IOException if standard input cannot be read
     * @throws IllegalArgumentException at an unknown command
     */
    public static void serve(Contestant contestant, PeerTask task) throws IOException {
        ContestantServer server = new ContestantServer(task.batch(), System.out);
        server.answer("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null && !line.equals("quit"); line = in.readLine()) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "loss" -> server.answer(Double.toString(contestant.train()));
                case "train" -> server.window(contestant::train, Double.parseDouble(words[1]));
                case "infer" -> server.window(contestant::infer, Double.parseDouble(words[1]));
                case "memory" -> server.answer(String.valueOf(largestResidentBytes()));
                default -> throw new IllegalArgumentException("unknown command: " + line);
            }
        }
    }

    private void window(Runnable step, double seconds) {
        long start = System.nanoTime();
        long steps = 0;
        do {
            step.run();
            steps++;
        } while (System.nanoTime() - start < seconds * 1e9);
        answer(String.format(Locale.ROOT, "%.3f", steps * batch * 1e9 / (System.nanoTime() - start)));
    }

    private void answer(String text) {
        out.println("=" + text);
        out.flush();
    }

    private static long largestResidentBytes() throws IOException {
        for (String line : java.nio.file.Files.readAllLines(java.nio.file.Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        return -1;
    }
}
