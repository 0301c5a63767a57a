package org.lamella.finding;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.lamella.data.InputException;

/** Texts that name settings, as programs and the command line show them. */
class FindingTest {

    private static final Path SOURCES = Path.of("src/main/java");
    private static final Pattern COMMENT_OR_STRING = Pattern.compile(
            "/\\*.*?\\*/|//[^\\n]*|'(?:\\\\.|[^'\\\\])+'|\"((?:\\\\.|[^\"\\\\\\n])*)\"", Pattern.DOTALL);
    private static final Pattern FLAG = Pattern.compile("(^|\\W)--[a-z]");

    private static String flag(Setting setting) {
        return "--" + setting.name().toLowerCase(Locale.ROOT);
    }

    @Test
    void eachProgramNamesSettingsInItsOwnWay() throws IOException {
        Finding f = new Finding(
                Finding.Code.DEAD_UNITS,
                Phrase.format("%.0f %% of the units of %s are dead", 80.4, "relu1"),
                Phrase.format("lower %s, or see %s", Setting.LEARNING_RATE, Phrase.format("%s none", Setting.SCALING)));
        assertThat(f.text()).isEqualTo("80 % of the units of relu1 are dead; lower learningRate, or see scale none");
        assertThat(f.text(FindingTest::flag))
                .isEqualTo("80 % of the units of relu1 are dead; lower --learning_rate, or see --scaling none");
        assertThat(new ObjectMapper().writeValueAsString(List.of(f))).isEqualTo("[\"" + f.text() + "\"]");
    }

    @Test
    void textsAreNoFormats() {
        assertThat(Phrase.of("100 % of %s").text()).isEqualTo("100 % of %s");
        assertThat(Phrase.join(" 50 % ", List.of(Phrase.of("%d"), Phrase.of("b")))
                        .text())
                .isEqualTo("%d 50 % b");
    }

    @Test
    void anInputExceptionIsShownInEitherWay() {
        InputException named = new InputException(Phrase.format("%s: give %s", "a.csv", Setting.LAST_LABELS));
        assertThat(named).hasMessage("a.csv: give LabelSelection.last");
        assertThat(named.message(FindingTest::flag)).isEqualTo("a.csv: give --last_labels");
        assertThat(new InputException("a.csv", 3, "cut short").message(FindingTest::flag))
                .isEqualTo("a.csv:3: cut short");
    }

    /** A Java program has no flags: only the command line may name them. */
    @Test
    void noTextOfTheEngineNamesAFlag() throws IOException {
        List<String> found = new ArrayList<>();
        int strings = 0;
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
                Matcher m = COMMENT_OR_STRING.matcher(Files.readString(file));
                while (m.find()) {
                    if (m.group(1) != null) {
                        strings++;
                        if (FLAG.matcher(m.group(1)).find()) {
                            found.add(file.getFileName() + ": " + m.group());
                        }
                    }
                }
            }
        }
        assertThat(strings).as("strings that were checked").isGreaterThan(500);
        assertThat(found).isEmpty();
    }
}
