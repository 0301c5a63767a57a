package org.lamella.cpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Cores and memory that this process may use, within the limits of its container. */
public final class Machine {

    private static final long UNLIMITED = Long.MAX_VALUE;
    private static final Path CGROUP_V2 = Path.of("/sys/fs/cgroup");
    private static final Path CGROUP_V1 = Path.of("/sys/fs/cgroup/memory");

    private Machine() {}

    /**
     * The default number of threads. It counts physical cores, because hyper-threads of one core share its multiply-add
     * units.
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

    /** {@return total bytes that this process may use, within the container's limit} */
    public static long memoryLimit() {
        long limit = meminfo("MemTotal:");
        limit = Math.min(limit, readNumber(CGROUP_V2.resolve("memory.max")));
        return Math.min(limit, readNumber(CGROUP_V1.resolve("memory.limit_in_bytes")));
    }

    /** {@return bytes that can still be allocated without swapping, within the container's limit} */
    public static long availableMemory() {
        long free = meminfo("MemAvailable:");
        free = Math.min(
                free,
                remaining(
                        readNumber(CGROUP_V2.resolve("memory.max")),
                        CGROUP_V2.resolve("memory.current"),
                        CGROUP_V2.resolve("memory.stat"),
                        "inactive_file "));
        return Math.min(
                free,
                remaining(
                        readNumber(CGROUP_V1.resolve("memory.limit_in_bytes")),
                        CGROUP_V1.resolve("memory.usage_in_bytes"),
                        CGROUP_V1.resolve("memory.stat"),
                        "total_inactive_file "));
    }

    /**
     * Formats a number of bytes.
     *
     * @param bytes 0 or more
     * @return with one decimal in MiB, or in GiB for 10 GiB and more
     */
    public static String megabytes(long bytes) {
        return bytes >= 10L << 30
                ? String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30))
                : String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1L << 20));
    }

    private static long remaining(long limit, Path usage, Path statistics, String cache) {
        if (limit == UNLIMITED) {
            return UNLIMITED;
        }
        long used = readNumber(usage);
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

    private static long readNumber(Path file) {
        List<String> lines = lines(file);
        if (lines.isEmpty() || !lines.get(0).trim().matches("\\d{1,18}")) {
            return UNLIMITED; // "max" or a missing file: no limit
        }
        return Long.parseLong(lines.get(0).trim());
    }

    private static List<String> lines(Path file) {
        try {
            return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            return List.of(); // no limit if the file cannot be read
        }
    }
}
