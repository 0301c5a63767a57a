package org.lamella.data.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.lamella.data.Dataset;
import org.lamella.data.Datasets;
import org.lamella.data.FeatureColumn;
import org.lamella.data.LabelSelection;

/** Random tables, written in one of the many forms of CSV, are read back cell by cell. */
class CsvTextTest {

    private Path file;

    @BeforeProperty
    void makeFile() throws IOException {
        file = Files.createTempFile("table", ".csv");
    }

    @AfterProperty
    void deleteFile() throws IOException {
        Files.delete(file);
    }

    @Property(tries = 1000)
    void writtenTablesAreReadBack(@ForAll long seed) throws IOException {
        RandomTable table = new RandomTable(seed);
        String text = table.text();
        Files.writeString(file, text);
        Dataset read = Datasets.read(file, LabelSelection.last(table.labels));
        assertThat(read.ids()).isEqualTo(table.ids());
        assertThat(read.targets()).isDeepEqualTo(table.targets());
        assertThat(read.columns().stream().map(FeatureColumn::name).toList()).isEqualTo(table.features());
        for (int r = 0; r < table.rows; r++) {
            assertThat(decoded(read, r)).as("row %d of%n%s", r, text).isEqualTo(table.cells(r));
        }
    }

    /** The cells of a row as texts, from its features; empty where they are missing. */
    private static List<String> decoded(Dataset data, int row) {
        float[] values = data.features()[row];
        List<String> cells = new ArrayList<>();
        int at = 0;
        for (FeatureColumn c : data.columns()) {
            if (Float.isNaN(values[at])) {
                cells.add("");
            } else if (c.categories().isEmpty()) {
                cells.add(Float.toString(values[at]));
            } else {
                int code = c.width() == 1 ? (int) values[at] : 0;
                while (c.width() > 1 && values[at + code] == 0) {
                    code++;
                }
                cells.add(c.categories().get(code));
            }
            at += c.width();
        }
        return cells;
    }
}
