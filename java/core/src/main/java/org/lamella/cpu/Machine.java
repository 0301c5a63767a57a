package org.lamella.cpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What this process may use of the machine: cores and memory, within its container's limits. */
public final class Machine {

    private static final long UNLIMITED = Long.MAX_VALUE;
    private static final Path V2 = Path.of("/sys/fs/cgroup");
    private static final Path V1 = Path.of("/sys/fs/cgroup/memory");

    private Machine() {}

    /**
     * How many threads serve best: hyper-threads of one core share its multiply-add units.
     *
     * @return physical cores within the process's quota, 1 or more
     */
    public static int defaultThreads() {
        int allowed = Runtime.getRuntime().availableProcessors();
        int physical = physicalCores();
        return Math.max(1, physical == 0 ? allowed : Math.min(allowed, physical));
    }

    private static int physicalCores() {
        Set<String> cores = new HashSet<>();
        String socket = "0";
        for (String line : lines(Path.of("/proc/cpuinfo"))) {
            if (line.startsWith("physical id")) {
                socket = line;
            } else if (line.startsWith("core id")) {
                cores.add(socket + line);
            }
        }
        return cores.size();
    }

    /** {@return bytes that this process and its container may use in all} */
    public static long memoryLimit() {
        long limit = meminfo("MemTotal:");
        limit = Math.min(limit, number(V2.resolve("memory.max")));
        return Math.min(limit, number(V1.resolve("memory.limit_in_bytes")));
    }

    /** {@return bytes that can still be taken without swapping, within the container's limit} */
    public static long availableMemory() {
        long free = meminfo("MemAvailable:");
        free = Math.min(
                free,
                left(
                        number(V2.resolve("memory.max")),
                        V2.resolve("memory.current"),
                        V2.resolve("memory.stat"),
                        "inactive_file "));
        return Math.min(
                free,
                left(
                        number(V1.resolve("memory.limit_in_bytes")),
                        V1.resolve("memory.usage_in_bytes"),
                        V1.resolve("memory.stat"),
                        "total_inactive_file "));
    }

    /**
     * Bytes as a text with its unit.
     *
     * @param bytes 0 or more
     * @return MiB, from 10 GiB on GiB, with one decimal
     */
    public static String megabytes(long bytes) {
        return bytes >= 10L << 30
                ? String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30))
                : String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1L << 20));
    }

    private static long left(long limit, Path usage, Path statistics, String cache) {
        if (limit == UNLIMITED) {
            return UNLIMITED;
        }
        long used = number(usage);
        for (String line : lines(statistics)) {
            if (line.startsWith(cache)) {
                used -= Long.parseLong(line.substring(cache.length()).trim());
            }
        }
        return Math.max(0, limit - used);
    }

    private static long meminfo(String key) {
        for (String line : lines(Path.of("/proc/meminfo"))) {
            if (line.startsWith(key)) {
                return Long.parseLong(
                                line.substring(key.length()).replace("kB", "").trim())
                        * 1024;
            }
        }
        return UNLIMITED;
    }

    private static long number(Path file) {
        List<String> lines = lines(file);
        if (lines.isEmpty() || !lines.get(0).trim().matches("\\d{1,18}")) {
            return UNLIMITED; // "max", or no such limit
        }
        return Long.parseLong(lines.get(0).trim());
    }

    private static List<String> lines(Path file) {
        try {
            return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            return List.of(); // a kernel file that cannot be read sets no limit
        }
    }
}
