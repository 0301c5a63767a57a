package org.lamella.bench.command;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamella.cli.option.OptionGroup;
import org.lamella.cli.option.PathArgument;
import org.lamella.cli.report.Json;
import org.lamella.cli.stream.Output;
import org.lamella.cli.stream.StandardOutput;
import org.lamella.file.AtomicFiles;
import org.lamella.file.OutputPlace;
import picocli.CommandLine.Option;

/**
 * Options that write measurements to files, in addition to the table on the screen. Both files name the machine, the
 * versions and the commit.
 */
final class BenchOutput implements OptionGroup {

    private static final String STANDARD_OUTPUT = "-";
    private static final String MACHINE = "machine";

    @Output
    @Option(
            names = "--json",
            arity = "0..1",
            fallbackValue = STANDARD_OUTPUT,
            paramLabel = "FILE",
            description = "Write JSON to this file; without a file, print it instead of the table.")
    private @Nullable String json;

    @Output
    @Option(
            names = "--csv",
            paramLabel = "FILE",
            description = "Write a CSV line for each measurement to this file; - for standard output, instead of the "
                    + "table.")
    private @Nullable Path csv;

    private @Nullable Map<String, Object> machine;

    /** True if the table is wanted on the screen. */
    boolean table() {
        return !STANDARD_OUTPUT.equals(json) && !StandardOutput.is(csv);
    }

    /** Fails before the measurement if a file could not be written after it. */
    void check() {
        if (json != null && !STANDARD_OUTPUT.equals(json)) {
            OutputPlace.file(PathArgument.of(json));
        }
        if (csv != null && !StandardOutput.is(csv)) {
            OutputPlace.file(csv);
        }
    }

    /**
     * Writes the files that were asked for.
     *
     * @param facts of the whole run; the machine is added before them
     * @param rows measurements; the CSV has those of their values that are not lists or maps
     * @param name of the rows in the JSON; null if the facts hold everything already
     */
    void write(Map<String, Object> facts, List<Map<String, Object>> rows, @Nullable String name) throws IOException {
        if (STANDARD_OUTPUT.equals(json)) {
            StandardOutput.print(Json.pretty(all(facts, rows, name)));
        }
        if (csv != null && StandardOutput.is(csv)) {
            StandardOutput.write(csv, to -> csv(to, facts, rows));
        }
        save(facts, rows, name);
    }

    /** Writes only the files: the results so far of a long run, which may be interrupted. */
    void save(Map<String, Object> facts, List<Map<String, Object>> rows, @Nullable String name) throws IOException {
        if (json != null && !STANDARD_OUTPUT.equals(json)) {
            String text = Json.pretty(all(facts, rows, name)) + "\n";
            AtomicFiles.replace(Path.of(json).toAbsolutePath(), p -> Files.writeString(p, text));
        }
        if (csv != null && !StandardOutput.is(csv)) {
            StandardOutput.write(csv.toAbsolutePath(), to -> csv(to, facts, rows));
        }
    }

    /** Determined once per run, and only when there is something to write, because it starts git. */
    private Map<String, Object> machine() {
        if (machine == null) {
            machine = BenchMachine.describe();
        }
        return machine;
    }

    private Map<String, Object> all(Map<String, Object> facts, List<Map<String, Object>> rows, @Nullable String name) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(MACHINE, machine());
        all.putAll(facts);
        if (name != null) {
            all.put(name, rows);
        }
        return all;
    }

    /** Writes a column for every plain value of any row, of the run and of the machine. */
    private void csv(OutputStream to, Map<String, Object> facts, List<Map<String, Object>> rows) throws IOException {
        Map<String, Object> common = new LinkedHashMap<>();
        add(common, facts, "");
        add(common, machine(), MACHINE + "_");
        List<Map<String, Object>> flat = new ArrayList<>();
        Set<String> columns = new LinkedHashSet<>();
        for (Map<String, Object> row : rows) {
            Map<String, Object> values = new LinkedHashMap<>();
            add(values, row, "");
            common.forEach(values::putIfAbsent);
            flat.add(values);
        }
        flat.forEach(row -> columns.addAll(row.keySet()));
        columns.removeAll(common.keySet());
        columns.addAll(common.keySet());
        CsvWriter out = CsvWriter.builder()
                .lineDelimiter(LineDelimiter.LF)
                .build(new OutputStreamWriter(to, StandardCharsets.UTF_8));
        out.writeRecord(columns);
        for (Map<String, Object> row : flat) {
            out.writeRecord(columns.stream().map(c -> text(row.get(c))).toList());
        }
        out.flush();
    }

    private static void add(Map<String, Object> to, Map<String, Object> values, String prefix) {
        values.forEach((name, value) -> {
            if (value instanceof String || value instanceof Number || value instanceof Boolean) {
                to.put(prefix + name, value);
            }
        });
    }

    private static String text(@Nullable Object value) {
        return value == null || (value instanceof Double d && !Double.isFinite(d)) ? "" : value.toString();
    }

    @Override
    public String title() {
        return "Results as files";
    }
}
