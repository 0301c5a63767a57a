package org.lamella.bench.quality;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the command line in a process of its own, so that its failure ends nothing else. */
public final class TrainingProcess implements QualityBench.Training {

    private static final long STOP_SECONDS = 60;

    private final List<String> launch;

    private TrainingProcess(List<String> launch) {
        this.launch = launch;
    }

    /**
     * Starts processes with the Java, the options and the class path of this one.
     *
     * @param mainClass of the command line
     * @return starts nothing yet
     */
    public static TrainingProcess likeThisOne(String mainClass) {
        List<String> launch = new ArrayList<>();
        launch.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        launch.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        launch.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        return new TrainingProcess(launch);
    }

    @Override
    public int run(List<String> arguments, Path log) throws IOException {
        List<String> command = new ArrayList<>(launch);
        command.addAll(arguments);
        Files.writeString(
                log,
                "\n$ lamella " + String.join(" ", arguments) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        Thread end = new Thread(() -> stop(process));
        Runtime.getRuntime().addShutdownHook(end);
        try {
            process.getOutputStream().close();
            int code = process.waitFor();
            Runtime.getRuntime().removeShutdownHook(end);
            return code;
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a training", e);
        }
    }

    /**
     * Whoever stops this process stops the training, which then can be resumed. It still writes its model; until then
     * nobody else can use its folder.
     */
    private static void stop(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
        }
    }
}
