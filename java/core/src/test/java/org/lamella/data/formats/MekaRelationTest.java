package org.lamella.data.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import meka.core.MLUtils;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Datasets;
import org.lamella.data.InputException;
import org.lamella.data.LabelSelection;
import weka.core.Instances;
import weka.core.converters.ArffLoader;

/** The labels that a relation line declares, read by MEKA's own reader and by ours: the same, or both refuse. */
class MekaRelationTest {

    private static final int COLUMNS = 5;
    /** What options and names are made of; blanks and colons are the letters of this small language. */
    private static final List<String> PARTS = List.of(
            "Flags",
            "vitamin-C",
            ":",
            ":",
            ": ",
            " ",
            " -C ",
            "-C ",
            "-C",
            "-c 2",
            "2",
            "-2",
            "3",
            "-4",
            "0",
            "5",
            "9",
            "-V",
            " -split-percentage 70",
            " -f file",
            "two",
            "2.0",
            "\\'");

    private Path folder;

    @BeforeProperty
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("meka");
    }

    @AfterProperty
    void removeFolder() throws IOException {
        Files.deleteIfExists(folder.resolve("m.arff"));
        Files.delete(folder);
    }

    @Provide
    Arbitrary<String> relations() {
        return Arbitraries.of(PARTS).list().ofMinSize(1).ofMaxSize(8).map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<String> usualRelations() {
        return Arbitraries.of("Flags: -C %d", "a: -V -C %d -split-percentage 70", "a b:-C %d", "x: -c %d")
                .flatMap(form -> Arbitraries.integers().between(-4, 4).map(n -> String.format(form, n)));
    }

    @Property(tries = 10_000)
    void anyRelationDeclaresTheSameLabelsOrIsNotMekas(@ForAll("relations") String relation) throws IOException {
        compare(relation);
    }

    @Property(tries = 200)
    void usualRelationsDeclareTheSameLabels(@ForAll("usualRelations") String relation) throws IOException {
        compare(relation);
    }

    private void compare(String relation) throws IOException {
        // MEKA reads one blank between words only; more of them are clear.
        List<String> meka = meka(arff("'" + relation.strip().replaceAll(" +", " ") + "'"));
        List<String> ours = ours(arff("'" + relation + "'"));
        if (meka != null && !meka.isEmpty()) {
            assertThat(ours).as(relation).isEqualTo(meka);
        } else {
            assertThat(ours).as(relation).isNull();
        }
    }

    private static String arff(String relation) {
        String attributes = IntStream.range(0, COLUMNS)
                .mapToObj(i -> "@attribute c" + i + " {0,1}\n")
                .collect(Collectors.joining());
        return "@relation " + relation + "\n" + attributes + "@data\n0,1,0,1,1\n1,0,0,0,1\n";
    }

    /** Null if MEKA refuses it. It moves the last columns to the front, and adds a hyphen to the names. */
    private static @Nullable List<String> meka(String text) throws IOException {
        Instances rows = new ArffLoader.ArffReader(new StringReader(text)).getData();
        try {
            MLUtils.prepareData(rows);
        } catch (Exception e) {
            return null;
        }
        return IntStream.range(0, rows.classIndex())
                .mapToObj(i -> rows.attribute(i).name().replace("-", ""))
                .toList();
    }

    private @Nullable List<String> ours(String text) throws IOException {
        Path file = folder.resolve("m.arff");
        Files.writeString(file, text);
        try {
            return Datasets.read(file, LabelSelection.declared()).labels();
        } catch (InputException e) {
            return null;
        }
    }
}
