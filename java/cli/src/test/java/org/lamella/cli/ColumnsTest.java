package org.lamella.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns of tables on the command line: what is printed, once, and what a schema changes. */
class ColumnsTest {

    @TempDir
    Path folder;

    /** Runs a command; a slash begins the name of a file in the folder. */
    private LamellaProcess.Result run(String command) throws Exception {
        String[] words = command.split(" ");
        for (int i = 0; i < words.length; i++) {
            words[i] = words[i].startsWith("/") ? folder + words[i] : words[i];
        }
        return LamellaProcess.run(folder, LamellaProcess.java(), List.of(), words);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private static String rows(int n, IntFunction<String> row) {
        return IntStream.range(0, n).mapToObj(row).collect(Collectors.joining());
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    /** 80 rows: names, a number that decides the label, codes of digits, a column to be ignored. */
    private void table(String name, String header) throws IOException {
        write(
                name,
                header + "\n" + rows(80, r -> "%05d,%s,%d,%d,%d%n".formatted(r, r % 8 - 3.5, r % 3, r % 7, r % 8 / 4)));
    }

    @Test
    void aSchemaGoesThroughTrainPredictAndEvaluate() throws Exception {
        table("t.csv", "code,a,k,junk,l");
        table("test.csv", "code,a,k,other,l");
        write(
                "s.json",
                "{\"columns\": [{\"column\": \"k\", \"type\": \"text\"},"
                        + " {\"column\": \"junk\", \"role\": \"ignored\"}, {\"column\": \"l\", \"role\": \"label\"}]}");
        LamellaProcess.Result trained =
                run("train /t.csv --schema /s.json --test /test.csv --net linear --epochs 2 --threads 1 --out /m");
        assertThat(trained.code()).as(trained.err()).isZero();
        assertThat(trained.out())
                .contains("columns: id 1, feature (number) 1, feature (text) 1, ignored 1, label 1")
                .contains("t.csv: 80 rows, ", "test.csv: 80 rows, 4 features, 1 label; ");
        assertThat(count(trained.out(), "t.csv: column 'code' names the rows")).isEqualTo(1);
        assertThat(count(trained.out(), "test.csv: column 'code'")).isZero();

        write("p.csv", "k;code;a\n2;00042;1,5\n0;x;NA\n");
        LamellaProcess.Result predicted = run("predict /m /p.csv --out /out.csv");
        assertThat(predicted.code()).as(predicted.err()).isZero();
        assertThat(predicted.out())
                .containsOnlyOnce("note: " + folder + "/p.csv: cells are separated by ';', not by ','")
                .containsOnlyOnce("missing values in 1 column: 'NA' 1")
                .contains("2 rows, 1 label: ")
                .doesNotContain("names the rows");
        assertThat(Files.readAllLines(folder.resolve("out.csv")))
                .satisfies(l -> assertThat(l.get(1)).startsWith("00042,"))
                .satisfies(l -> assertThat(l.get(2)).startsWith("x,"));

        LamellaProcess.Result json = run("evaluate /m /test.csv --json");
        JsonNode facts = new ObjectMapper().readTree(json.out());
        assertThat(facts.fieldNames())
                .toIterable()
                .containsExactly(
                        "metrics",
                        "intervals",
                        "baseline",
                        "verdicts",
                        "labels",
                        "findings",
                        "rows_of_training",
                        "rows_of_validation");
        assertThat(json.err()).isEmpty();

        write("bad.csv", "k,code,a\n9,1,1.5\n");
        LamellaProcess.Result bad = run("predict /m /bad.csv --out /bad-out.csv");
        assertThat(bad.code()).isEqualTo(2);
        assertThat(bad.err()).hasLineCount(1).contains("bad.csv:2: '9' in column 'k' was not among the values");
    }

    @Test
    void inspectPrintsFewAndManyColumnsReadably() throws Exception {
        table("t.csv", "code,a,k,junk,l");
        String few = run("inspect /t.csv --labels 1 --schema-out /s.json").out();
        assertThat(few)
                .contains("80 rows, 3 columns as 3 features, 1 label, ")
                .containsPattern("code +text +id +digits with leading zeros")
                .containsPattern("a \\.\\.\\. junk \\(3\\) +number +feature +all numbers");
        assertThat(Files.readString(folder.resolve("s.json"))).contains("\"column\" : \"junk\"");

        write(
                "wide.csv",
                IntStream.range(0, 4000).mapToObj(c -> "f" + c).collect(Collectors.joining(",")) + ",l\n"
                        + rows(
                                12,
                                r -> IntStream.range(0, 4000)
                                                .mapToObj(c -> c % 1000 == 7 && r == 3 ? "NA" : r * 0.5 + c + "")
                                                .collect(Collectors.joining(","))
                                        + "," + r % 2 + "\n"));
        String wide = run("inspect /wide.csv --labels 1").out();
        assertThat(wide)
                .containsPattern("f0 \\.\\.\\. f6 \\(7\\) +number +feature +all numbers")
                .containsPattern("f7 +number +feature +NA 1 +all numbers")
                .containsOnlyOnce("missing values in 4 columns: 'NA' 4");
        assertThat(wide.lines().count()).isLessThan(40);
        assertThat(wide.lines().mapToInt(String::length).max().orElse(0)).isLessThan(400);
    }

    @Test
    void oneOfAThingIsNotSeveral() throws Exception {
        write("one.csv", "a,l\n" + rows(12, r -> r * 0.5 + "," + r % 2 + "\n"));
        LamellaProcess.Result one = run("inspect /one.csv --labels 1");
        assertThat(one.out())
                .contains("12 rows, 1 column as 1 feature, 1 label, ")
                .doesNotContainPattern("\\b1 (columns|features|rows|values)\\b");
        LamellaProcess.Result pack = run("pack /one.csv --labels 1 --out /one.lamella");
        assertThat(pack.out()).contains("12 rows, 1 feature, 1 label: ");
    }

    @Test
    void rowsOfATableTakeTheirLabelsFromAFile() throws Exception {
        write("t.csv", "code,a\n" + rows(60, r -> "%05d,%s%n".formatted(r, r % 8 - 3.5)));
        write("l.tsv", rows(60, r -> "%05d\t%s%n".formatted(r, r % 8 > 3 ? "X" : r % 8 == 0 ? "X+Y" : "Y")));
        LamellaProcess.Result missing = run("inspect /t.csv --label-file /l.tsv");
        assertThat(missing.code()).isEqualTo(2);
        assertThat(missing.err()).contains("t.csv has no names of rows without --id-column NAME");
        LamellaProcess.Result found = run("inspect /t.csv --label-file /l.tsv --id-column code");
        assertThat(found.out())
                .contains("60 rows, 1 column as 1 feature, 2 labels", "ids: 00000, ...")
                .containsOnlyOnce("labels in one cell are separated by +");
        LamellaProcess.Result given = run("inspect /t.csv --label-file /l.tsv --id-column code --label-separator none");
        assertThat(given.out()).contains("3 labels");
        LamellaProcess.Result without = run("inspect /t.csv --id-column code --labels 1 --label-separator ,");
        assertThat(without.err()).contains("--label-separator has no effect");
        LamellaProcess.Result trained = run("train /t.csv --label-file /l.tsv --id-column code --test /t.csv"
                + " --test-label-file /l.tsv --net linear --epochs 1 --threads 1 --out /m");
        assertThat(trained.code()).as(trained.err()).isZero();
        LamellaProcess.Result refused = run("predict /m /t.csv --out /p.csv --label-separator ,");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("--label-separator has no effect: predict uses no labels");
    }
}
