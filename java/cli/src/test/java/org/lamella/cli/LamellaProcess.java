package org.lamella.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The command line in a JVM of its own. */
public final class LamellaProcess {

    /** Exit code and output of a command. */
    public record Result(int code, String out, String err) {}

    private LamellaProcess() {}

    /** Starts it. */
    static Process start(Path java, Path out, Path err, List<String> jvm, String... arguments) throws IOException {
        return builder(java, out, err, jvm, arguments).start();
    }

    /** Runs a shell script; its arguments are its own words and then the command line to start. */
    public static Result shell(Path folder, Path script, List<String> words, String... arguments) throws Exception {
        List<String> before = new ArrayList<>(List.of(script.toString()));
        before.addAll(words);
        before.add(java().toString());
        return run(folder, Path.of("/bin/sh"), before, arguments);
    }

    private static ProcessBuilder builder(Path java, Path out, Path err, List<String> jvm, String... arguments) {
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(jvm);
        // Without the optimizing compiler: most processes end before it has paid off.
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), "org.lamella.cli.Lamella"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .redirectInput(new File("/dev/null"));
    }

    /** The Java that runs the tests. */
    public static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** Runs it to its end. */
    public static Result run(Path folder, Path java, List<String> jvm, String... arguments) throws Exception {
        return run(folder, java, jvm, Map.of(), arguments);
    }

    /** Runs it to its end with more variables in its environment. */
    public static Result run(
            Path folder, Path java, List<String> jvm, Map<String, String> environment, String... arguments)
            throws Exception {
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        ProcessBuilder builder = builder(java, out, err, jvm, arguments);
        builder.environment().putAll(environment);
        Process p = builder.start();
        if (!p.waitFor(180, TimeUnit.SECONDS)) {
            p.destroyForcibly();
            throw new AssertionError("lamella " + String.join(" ", arguments) + " did not end");
        }
        return new Result(p.exitValue(), Files.readString(out), Files.readString(err));
    }
}
