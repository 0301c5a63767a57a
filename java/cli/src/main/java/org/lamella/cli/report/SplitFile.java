package org.lamella.cli.report;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.data.rows.KnownRows;
import org.lamella.data.rows.PartColumn;
import org.lamella.data.splits.Partition;
import org.lamella.data.splits.Partition.Part;
import org.lamella.file.AtomicFiles;

/**
 * Which rows a model was trained, selected and tested on: {@value #FILE} in its folder. Rows of any file are recognised
 * by a checksum of their features. The file of a cross-validation also has the fold whose test rows contain the row.
 */
public final class SplitFile {

    /** The file in the folder of a run. */
    public static final String FILE = "split.csv";

    private static final String CHECKSUM = "features_checksum";
    private static final int HEX = 16;

    /** By a row's checksum; of rows with equal features the part that the model knows best. */
    private final Map<Long, Part> parts;

    /** By a row's checksum: the folds that tested rows with these features, in the order of the file. */
    private final Map<Long, List<Integer>> folds;

    private SplitFile(Map<Long, Part> parts, Map<Long, List<Integer>> folds) {
        this.parts = parts;
        this.folds = folds;
    }

    /**
     * Writes row (from 1), id, part and checksum of every row, ordered by parts.
     *
     * @param folder of the run
     * @param data all rows
     * @param partition which rows were for training, validation and test
     * @throws IOException if it cannot be written
     */
    public static void write(Path folder, Dataset data, Partition partition) throws IOException {
        @Nullable Part[] parts = new Part[data.size()];
        List<Integer> order = new ArrayList<>();
        for (Part part : Part.values()) {
            for (int row : partition.rows(part)) {
                parts[row] = part;
                order.add(row);
            }
        }
        write(folder, data, parts, null, order);
    }

    /**
     * Writes row (from 1), id, part, fold and checksum of every row of a cross-validation. The part is that for the
     * ensemble: training if a fold learned from the row, as nearly always. The fold is the one that tested the row;
     * empty for rows that are in no fold.
     *
     * @param folder of the cross-validation
     * @param data all rows
     * @param folds their partitions
     * @param heldOut the rows that are in no fold
     * @throws IOException if it cannot be written
     */
    public static void write(Path folder, Dataset data, List<Partition> folds, int[] heldOut) throws IOException {
        @Nullable Part[] parts = new Part[data.size()];
        int[] fold = new int[data.size()];
        for (int f = 0; f < folds.size(); f++) {
            for (Part own : Part.values()) {
                for (int row : folds.get(f).rows(own)) {
                    Part before = parts[row];
                    parts[row] = before == null || own.compareTo(before) < 0 ? own : before;
                    fold[row] = own == Part.TEST ? f + 1 : fold[row];
                }
            }
        }
        for (int row : heldOut) {
            parts[row] = Part.TEST;
        }
        List<Integer> order = IntStream.range(0, parts.length)
                .filter(row -> parts[row] != null)
                .boxed()
                .toList();
        write(folder, data, parts, fold, order);
    }

    /** Without folds there is no column for them. */
    private static void write(
            Path folder, Dataset data, @Nullable Part[] parts, int @Nullable [] folds, List<Integer> order)
            throws IOException {
        AtomicFiles.replace(folder.resolve(FILE), file -> {
            try (CsvWriter csv =
                    CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(file)) {
                List<String> line = new ArrayList<>(List.of("row", "id", "part"));
                if (folds != null) {
                    line.add("fold");
                }
                line.add(CHECKSUM);
                csv.writeRecord(line);
                for (int row : order) {
                    line.clear();
                    line.add(Integer.toString(row + 1));
                    line.add(data.ids().get(row));
                    line.add(name(parts[row]));
                    if (folds != null) {
                        line.add(folds[row] == 0 ? "" : Integer.toString(folds[row]));
                    }
                    line.add(Long.toHexString(checksum(data.features()[row])));
                    csv.writeRecord(line);
                }
            }
        });
    }

    /**
     * Reads the file of a model.
     *
     * @param folder of the model
     * @return null if there is none, as of models that were written by an earlier version
     * @throws InputException if it is damaged
     */
    public static @Nullable SplitFile read(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return null;
        }
        Map<Long, Part> parts = new HashMap<>();
        Map<Long, List<Integer>> folds = new HashMap<>();
        try (CsvReader<NamedCsvRecord> csv = CsvReader.builder().ofNamedCsvRecord(file)) {
            for (NamedCsvRecord line : csv) {
                long checksum = Long.parseUnsignedLong(line.getField(CHECKSUM), HEX);
                String fold = line.findField("fold").orElse("");
                if (!fold.isEmpty()) {
                    folds.computeIfAbsent(checksum, c -> new ArrayList<>()).add(Integer.parseInt(fold));
                }
                parts.merge(
                        checksum,
                        Part.valueOf(line.getField("part").toUpperCase(Locale.ROOT)),
                        (a, b) -> a.compareTo(b) <= 0 ? a : b);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw new InputException(file + ": damaged: " + e.getMessage() + "; delete it to go on without it", e);
        }
        return new SplitFile(parts, folds);
    }

    /** {@return the number of folds; 1 without folds} */
    public int folds() {
        return folds.values().stream()
                .flatMap(List::stream)
                .mapToInt(Integer::intValue)
                .max()
                .orElse(1);
    }

    /**
     * The parts of rows.
     *
     * @param rows of any file, read with the model's columns
     * @return one per row; null for a row that the model does not know
     */
    public @Nullable Part[] of(Dataset rows) {
        @Nullable Part[] found = new Part[rows.size()];
        for (int i = 0; i < found.length; i++) {
            found[i] = parts.get(checksum(rows.features()[i]));
        }
        return found;
    }

    /**
     * The rows that each fold tested. Of several rows with equal features, the first takes the fold of the first in the
     * file, and so on.
     *
     * @param rows of any file, read with the model's columns
     * @param count number of folds
     * @return one partition per fold, which has test rows only; a row that was in no fold, or of which no label is
     *     known, is in none of them
     */
    public List<Partition> tested(Dataset rows, int count) {
        List<List<Integer>> found = Stream.generate(() -> (List<Integer>) new ArrayList<Integer>())
                .limit(count)
                .toList();
        Map<Long, Integer> used = new HashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            long checksum = checksum(rows.features()[i]);
            List<Integer> own = folds.getOrDefault(checksum, List.of());
            int before = used.merge(checksum, 1, Integer::sum) - 1;
            int fold = own.isEmpty() ? 0 : own.get(Math.min(before, own.size() - 1));
            if (fold > 0 && fold <= count && KnownRows.isKnown(rows.targets()[i])) {
                found.get(fold - 1).add(i);
            }
        }
        return found.stream()
                .map(test -> new Partition(
                        new int[0],
                        new int[0],
                        test.stream().mapToInt(Integer::intValue).toArray()))
                .toList();
    }

    /**
     * Counts the known rows.
     *
     * @param parts of {@link #of}
     * @return by part; without parts that have no row
     */
    public static Map<Part, Integer> counts(@Nullable Part[] parts) {
        Map<Part, Integer> counts = new EnumMap<>(Part.class);
        for (@Nullable Part part : parts) {
            if (part != null) {
                counts.merge(part, 1, Integer::sum);
            }
        }
        return counts;
    }

    /**
     * The name of a part in files.
     *
     * @param part null for a row that the model does not know
     * @return a word
     */
    public static String name(@Nullable Part part) {
        return part == null ? PartColumn.NEW : part.lowerCase();
    }

    /** 64 bits: among a million rows, two different ones have the same checksum in one of 30 million files. */
    private static long checksum(float[] features) {
        long sum = features.length;
        for (float f : features) {
            long mixed = (sum ^ Float.floatToIntBits(f)) * 0x9E3779B97F4A7C15L; // the finalizer of SplitMix64
            mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
            mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
            sum = mixed ^ (mixed >>> 31);
        }
        return sum;
    }
}
