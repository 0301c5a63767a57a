package org.lamella.data.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.lamella.data.InputException;
import org.lamella.data.LabelSource;
import org.lamella.data.table.Attribute;
import org.lamella.data.table.Table;
import weka.core.Instance;
import weka.core.Instances;
import weka.core.converters.ArffLoader;

/** ARFF files, read by Weka's own reader and by ours: the same cells, or a difference that is named here. */
class WekaArffTest {

    /** Parts of our messages where Weka reads on: a wrong number could follow. */
    private static final List<String> STRICTER = List.of(
            "has no closing quote", // Weka ends it with the line
            "is not a finite number", // Weka reads NaN as missing
            "weights of rows are not supported",
            "values, found more", // Weka drops one token after a row
            "after the type of", // Weka drops it
            "needs a name and a type", // the name is empty
            "is empty", // a list without values
            "are both called",
            "which has no numeric meaning here", // dates, relations
            "no rows of data");

    /** Parts of Weka's messages where we read on, and the cells are clear. */
    private static final List<String> MORE_LENIENT = List.of(
            "indices have to be ordered",
            "no valid attribute type or invalid enumeration",
            "keyword @relation expected",
            "end of line expected");

    private Path folder;

    @BeforeProperty
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("arff");
    }

    @AfterProperty
    void removeFolder() throws IOException {
        Files.deleteIfExists(folder.resolve("a.arff"));
        Files.delete(folder);
    }

    @Property(tries = 10_000)
    void validTextsHaveTheSameCells(@ForAll long seed) throws IOException {
        String text = ArffText.valid(seed);
        compare(text, weka(text), ours(text));
    }

    @Property(tries = 10_000)
    void damagedTextsAreRefusedByBothOrHaveTheSameCells(@ForAll long seed) throws IOException {
        String text = ArffText.damaged(seed);
        Instances weka = null;
        String wekaSays = "";
        try {
            weka = weka(text);
        } catch (IOException | RuntimeException e) {
            wekaSays = String.valueOf(e.getMessage());
        }
        Table ours;
        try {
            ours = ours(text);
        } catch (InputException e) {
            if (weka != null && weka.numInstances() > 0) {
                assertThat(STRICTER)
                        .as(text + "\nWeka reads it, we say: " + e.getMessage())
                        .anyMatch(e.getMessage()::contains);
            }
            return;
        }
        if (weka == null && !relationWithoutName(wekaSays, text)) {
            assertThat(MORE_LENIENT)
                    .as(text + "\nwe read it, Weka says: " + wekaSays)
                    .anyMatch(wekaSays::contains);
        } else if (weka != null) {
            compare(text, weka, ours);
        }
    }

    /** A relation line without a name, which we do not need. */
    private static boolean relationWithoutName(String wekaSays, String text) {
        return wekaSays.startsWith("premature end of line")
                && text.lines()
                        .map(l -> l.toLowerCase(Locale.ROOT).replaceFirst("%.*", ""))
                        .anyMatch(l -> l.strip().equals("@relation"));
    }

    private static Instances weka(String text) throws IOException {
        return new ArffLoader.ArffReader(new StringReader(text)).getData();
    }

    private Table ours(String text) throws IOException {
        Path file = folder.resolve("a.arff");
        Files.writeString(file, text);
        return ArffReader.read(file, LabelSource.data());
    }

    private static void compare(String text, Instances weka, Table ours) {
        assertThat(ours.size()).as(text).isEqualTo(weka.numInstances());
        assertThat(ours.attributes().stream().map(Attribute::name).toList())
                .as(text)
                .isEqualTo(java.util.stream.IntStream.range(0, weka.numAttributes())
                        .mapToObj(i -> weka.attribute(i).name())
                        .toList());
        for (int r = 0; r < ours.size(); r++) {
            Instance row = weka.instance(r);
            for (int i = 0; i < weka.numAttributes(); i++) {
                float cell = ours.row(r)[i];
                String where = "row " + r + ", column " + i + " of\n" + text;
                if (row.isMissing(i)) {
                    assertThat(cell).as(where).isNaN();
                } else if (weka.attribute(i).isNumeric()) {
                    assertThat(cell).as(where).isEqualTo((float) row.value(i));
                } else {
                    assertThat(ours.attribute(i).text(cell)).as(where).isEqualTo(row.stringValue(i));
                }
            }
        }
    }
}
