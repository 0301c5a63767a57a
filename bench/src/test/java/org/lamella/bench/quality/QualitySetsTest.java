package org.lamella.bench.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.data.InputException;

class QualitySetsTest {

    @TempDir
    Path folder;

    @Test
    void knownSetsAreTablesAndSequencesWithTheirSplits() {
        List<QualitySet> sets = QualitySets.known();
        assertThat(sets)
                .extracting(QualitySet::name)
                .contains("emotions", "scene", "bibtex", "cal500", "eukaryote-go", "genbase", "plant-pseaac", "flags")
                .contains("rna-pseknc-other", "peptides", "multiloc", "lncrna-human", "lncrna-mouse");
        assertThat(sets).allSatisfy(set -> assertThat(set.about()).isNotBlank());
        QualitySet emotions = QualitySets.select(sets, List.of("emotions")).get(0);
        assertThat(emotions.runs(0)).isEqualTo(10);
        assertThat(emotions.runs(3)).isEqualTo(3);
        QualitySet scene = QualitySets.select(sets, List.of("scene")).get(0);
        assertThat(scene.runs(0)).isEqualTo(1);
        assertThat(scene.test()).isEqualTo("scene-test.arff");
        QualitySet eukaryote = QualitySets.select(sets, List.of("eukaryote-go")).get(0);
        assertThat(eukaryote.runs(0)).isEqualTo(1);
        assertThat(eukaryote.split(1)).isEqualTo("fold 1 of 5");
    }

    @Test
    void namesAreSelectedInTheirOrder() {
        List<QualitySet> sets = QualitySets.known();
        assertThat(QualitySets.select(sets, List.of("scene", "flags", "scene")))
                .extracting(QualitySet::name)
                .containsExactly("scene", "flags");
        assertThatThrownBy(() -> QualitySets.select(sets, List.of("scen")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no data set 'scen'; did you mean scene?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{\"name\": \"a\", \"data\": \"a.arff\"}] | needs either test",
                "[{\"name\": \"a\", \"data\": \"a.arff\", \"test\": \"b.arff\", \"folds\": 3}] | needs either test",
                "[{\"name\": \"a\", \"data\": \"a.arff\", \"folds\": 3, \"run\": 4}] | run must be 1 to folds, got 4",
                "[{\"name\": \"a\", \"folds\": 3}] | has no data",
                "[{\"name\": \"../a\", \"data\": \"a.arff\", \"folds\": 3}] | name must consist of",
                "[{\"name\": \"a\", \"data\": \"a.arff\", \"folds\": 3, \"label_names\": \"n\"}] | needs label_bits",
                "[{\"name\": \"a\", \"data\": \"a.arff\", \"fold\": 3}] | fold",
                "[{\"name\": \"a\", \"data\": \"x\", \"folds\": 3}, {\"name\": \"a\", \"data\": \"y\", \"folds\": 3}] |"
                        + " two data sets have the name 'a'",
                "no json | no descriptions of data sets"
            })
    void descriptionsThatAreNotCompleteAreRefused(String json, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("d.json"), json);
        assertThatThrownBy(() -> QualitySets.read(file))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(message);
    }
}
