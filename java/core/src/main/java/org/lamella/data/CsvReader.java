package org.lamella.data;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads CSV (RFC 4180) and TSV with a header line. The first known value of a column says whether it holds numbers or
 * texts; an empty cell, {@code ?} or {@code NA} is a missing value.
 */
final class CsvReader {

    private CsvReader() {
    }

    static Table read(Path path, char delimiter) throws IOException {
        String file = path.toString();
        CSVFormat format = CSVFormat.RFC4180.builder().setDelimiter(delimiter).setIgnoreSurroundingSpaces(true)
                .setIgnoreEmptyLines(true).get();
        try (Reader in = Files.newBufferedReader(path, StandardCharsets.UTF_8);
             CSVParser parser = CSVParser.builder().setReader(in).setFormat(format).get()) {
            Iterator<CSVRecord> records = parser.iterator();
            if (!records.hasNext()) {
                throw new InputException(file + ": the file is empty");
            }
            List<String> names = header(file, records.next());
            List<CSVRecord> all = new ArrayList<>();
            List<Long> lines = new ArrayList<>();
            for (long line = parser.getCurrentLineNumber() + 1; records.hasNext(); line = parser.getCurrentLineNumber() + 1) {
                CSVRecord record = records.next();
                if (record.size() != names.size()) {
                    throw new InputException(file, line, "expected " + names.size() + " values, found " + record.size()
                            + "; is a '" + (delimiter == '\t' ? "tab" : delimiter) + "' missing or one too many?");
                }
                all.add(record);
                lines.add(line);
            }
            return fill(new Table(file, attributes(names, all)), all, lines);
        } catch (java.nio.charset.MalformedInputException e) {
            throw new InputException(file + ": not UTF-8 text; save the file as UTF-8");
        } catch (UncheckedIOException e) {
            throw new InputException(file + ": " + e.getCause().getMessage());
        }
    }

    private static List<String> header(String file, CSVRecord record) {
        List<String> names = new ArrayList<>();
        boolean numbers = true;
        for (String name : record) {
            names.add(name.startsWith("\uFEFF") ? name.substring(1) : name);
            numbers &= name.matches("[-+]?[0-9.]+([eE][-+]?[0-9]+)?");
        }
        if (numbers) {
            throw new InputException(file, 1, "the first line holds numbers; it must name the columns");
        }
        return names;
    }

    private static boolean missing(String cell) {
        return cell.isEmpty() || cell.equals("?") || cell.equals("NA");
    }

    private static List<Attribute> attributes(List<String> names, List<CSVRecord> records) {
        List<Attribute> attributes = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Attribute.Type type = Attribute.Type.NUMERIC;
            for (CSVRecord record : records) {
                if (!missing(record.get(i))) {
                    type = isNumber(record.get(i)) ? Attribute.Type.NUMERIC : Attribute.Type.OPEN;
                    break;
                }
            }
            attributes.add(new Attribute(names.get(i), type, List.of()));
        }
        return attributes;
    }

    private static boolean isNumber(String text) {
        try {
            Float.parseFloat(text);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static Table fill(Table table, List<CSVRecord> records, List<Long> lines) {
        for (int r = 0; r < records.size(); r++) {
            float[] row = new float[table.attributes.size()];
            for (int i = 0; i < row.length; i++) {
                String cell = records.get(r).get(i);
                Attribute a = table.attributes.get(i);
                row[i] = missing(cell) ? Float.NaN : a.coded() ? a.code(cell) : table.number(cell, a, lines.get(r));
            }
            table.add(row, lines.get(r));
        }
        return table;
    }
}
