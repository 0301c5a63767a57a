package org.lamella.bench.launch;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lamella.plan.Plan;

/**
 * The launches of one profiled step, from the file that simulated GPUs write (setting {@code counts=FILE}). The events
 * between operators are the last ones that were created before the step.
 */
public final class CountedStep {

    /**
     * A launch.
     *
     * @param operator to which it belongs; -1: before the first one, or after the last
     * @param counts of the simulator
     */
    public record Counted(int operator, LaunchCounts counts) {}

    private CountedStep() {}

    /**
     * Reads a file.
     *
     * @param file that the simulated GPUs wrote
     * @param operators of the step
     * @return its launches, in the order of the step
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if it is not of a profiled step
     */
    public static List<Counted> read(Path file, int operators) throws IOException {
        ObjectMapper json = new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, true);
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            lines.add(json.readTree(line));
        }
        long last = lines.stream()
                .filter(l -> l.has("event"))
                .mapToLong(l -> l.get("event").asLong())
                .max()
                .orElseThrow(() -> new IllegalArgumentException(file + " has no event: the step was not profiled"));
        List<Counted> launches = new ArrayList<>();
        int operator = -1;
        for (JsonNode line : lines) {
            if (line.has("event")) {
                long mark = line.get("event").asLong() - (last - operators);
                if (mark >= 0) {
                    operator = mark == operators ? -1 : (int) mark;
                }
            } else if (line.has("kernel")) {
                launches.add(new Counted(operator, json.treeToValue(line, LaunchCounts.class)));
            }
        }
        return launches;
    }

    /**
     * The name of a launch's operator.
     *
     * @param plan of the step
     * @param launch one of its launches
     * @return for tables
     */
    public static String operator(Plan plan, Counted launch) {
        return launch.operator < 0
                ? "end of the step"
                : plan.ops().get(launch.operator).toString();
    }
}
