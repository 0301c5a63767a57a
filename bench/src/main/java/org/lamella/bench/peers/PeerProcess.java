package org.lamella.bench.peers;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The comparison's side of an engine's process. A process that does not answer within a time limit is killed. */
public final class PeerProcess implements AutoCloseable {

    private static final long LIMIT_SECONDS = 300;
    private static final long SIGNAL_SECONDS = 10;

    private final String name;
    private final Process process;
    private final BufferedWriter orders;
    private final BufferedReader answers;
    private final Path errors;

    private PeerProcess(String name, Process process, Path errors) {
        this.name = name;
        this.process = process;
        this.errors = errors;
        orders = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /**
     * Starts a JVM and waits until its engine is ready.
     *
     * @param name for messages
     * @param classPath of the engine's process
     * @param mainClass its main class
     * @param setting environment and further arguments
     * @param task the work
     * @return the running process, which the caller closes
     * @throws IOException if the JVM cannot be started
     * @throws IllegalStateException if its engine does not start; the message ends with the last lines of its error
     *     output
     */
    public static PeerProcess start(String name, String classPath, String mainClass, PeerSetting setting, PeerTask task)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx4g",
                "-XX:+UseSerialGC",
                "-cp",
                classPath,
                mainClass));
        command.addAll(Arrays.asList(task.arguments()));
        command.addAll(setting.arguments());
        Path errors = Files.createTempFile("lamella-peer", ".log");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().putAll(setting.environment());
        PeerProcess peer = new PeerProcess(name, builder.start(), errors);
        try {
            peer.await();
        } catch (IllegalStateException e) {
            peer.close();
            throw e;
        }
        return peer;
    }

    /**
     * Runs further training steps; the time limit is per step.
     *
     * @param steps how many, 0 or more
     * @return the loss of each before its update
     * @throws IllegalStateException if the process ends or exceeds the time limit
     */
    public double[] losses(int steps) {
        double[] losses = new double[steps];
        for (int i = 0; i < steps; i++) {
            losses[i] = Double.parseDouble(ask("loss"));
        }
        return losses;
    }

    /**
     * Trains for a window of time.
     *
     * @param seconds length of the window, above 0
     * @return samples per second
     * @throws IllegalStateException if the process ends or exceeds the time limit
     */
    public double train(double seconds) {
        return Double.parseDouble(ask("train " + seconds));
    }

    /**
     * Runs inference for a window of time.
     *
     * @param seconds length of the window, above 0
     * @return samples per second
     * @throws IllegalStateException if the process ends or exceeds the time limit
     */
    public double infer(double seconds) {
        return Double.parseDouble(ask("infer " + seconds));
    }

    /**
     * Stops the process until {@link #resume()}: OpenMP's threads spin after their last work, for 200 ms or without
     * end, and would slow down the other engine.
     */
    public void pause() {
        signal("STOP");
    }

    /** Continues a paused process. */
    public void resume() {
        signal("CONT");
    }

    /** Process id. */
    long id() {
        return process.pid();
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
                    .start(); // kill may exist only as a shell built-in
            if (!kill.waitFor(SIGNAL_SECONDS, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new IllegalStateException(this.name + " could not be sent " + name + ": " + lastErrors());
            }
        } catch (IOException e) {
            throw new IllegalStateException("the shell does not run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for kill", e);
        }
    }

    /** {@return largest resident memory of the process so far, in bytes; -1 if the system does not say} */
    public long largestResidentBytes() {
        return Long.parseLong(ask("memory"));
    }

    private String ask(String order) {
        try {
            orders.write(order + "\n");
            orders.flush();
        } catch (IOException e) {
            throw new IllegalStateException(name + " ended during '" + order + "': " + lastErrors(), e);
        }
        return await();
    }

    private String await() {
        CompletableFuture<@Nullable String> answer = CompletableFuture.supplyAsync(this::nextAnswer);
        try {
            String text = answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            if (text == null) {
                throw new IllegalStateException(name + " ended: " + lastErrors());
            }
            return text;
        } catch (TimeoutException e) {
            process.destroyForcibly();
            throw new IllegalStateException(name + " gave no answer within " + LIMIT_SECONDS + " s", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(name + " could not be read: " + lastErrors(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + name, e);
        }
    }

    private @Nullable String nextAnswer() {
        try {
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                if (line.startsWith("=")) {
                    return line.substring(1);
                }
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The exceptions that ended the process, or else its last lines. */
    private String lastErrors() {
        try {
            List<String> lines = Files.readAllLines(errors);
            List<String> exceptions = lines.stream()
                    .filter(l -> l.startsWith("Exception in thread") || l.startsWith("Caused by:"))
                    .toList();
            return String.join(
                    " | ",
                    exceptions.isEmpty() ? lines.subList(Math.max(0, lines.size() - 5), lines.size()) : exceptions);
        } catch (IOException e) {
            return "no error output";
        }
    }

    @Override
    public void close() {
        try {
            if (process.isAlive()) {
                resume();
            }
            orders.write("quit\n");
            orders.flush();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException | IllegalStateException e) {
            process.destroyForcibly(); // it has ended already
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } finally {
            errors.toFile().delete();
        }
    }
}
