package org.lamella.bench.quality;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The output of a training. */
final class LogFile {

    private static final int SIGNALS = 128;

    private LogFile() {}

    /**
     * Why a training failed.
     *
     * @param log its output
     * @param from the byte at which the output of the latest attempt begins
     * @param code its exit code, not 0
     * @return one line: its message, or where to look
     * @throws IOException if the file cannot be read
     */
    static String reason(Path log, long from, int code) throws IOException {
        if (code > SIGNALS) {
            return "stopped by a signal (exit code " + code + "); the same command continues it";
        }
        byte[] all = Files.exists(log) ? Files.readAllBytes(log) : new byte[0];
        String own = new String(all, (int) from, all.length - (int) from, StandardCharsets.UTF_8);
        List<String> messages = Arrays.stream(own.split("\\R"))
                .filter(l -> l.startsWith("error: ") || l.startsWith("lamella failed: "))
                .toList();
        return messages.isEmpty()
                ? "exit code " + code + "; see " + log
                : messages.get(messages.size() - 1).replaceFirst("^error: ", "");
    }
}
