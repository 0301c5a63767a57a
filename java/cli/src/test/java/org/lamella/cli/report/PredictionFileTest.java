package org.lamella.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.data.InputException;

class PredictionFileTest {

    private static final String HEADER =
            "row,id,part,fold,\"a, b truth\",c truth,\"a, b probability\",c probability,\"a, b decision\",c decision\n";

    @TempDir
    Path folder;

    private PredictionFile read(String part, String text) throws IOException {
        return PredictionFile.read(Files.writeString(folder.resolve("predictions.csv"), text), part);
    }

    @Test
    void theRowsOfAPart() throws IOException {
        String rows =
                "1,x,training,,1,0,0.9,0.1,1,0\n2,\"y\"\"z\",test,,,1,0.25,0.75,0,1\n3,w,test,2,0,1,0.5,0.5,1,1\n";
        PredictionFile test = read("test", HEADER + rows);
        assertThat(test.labels()).containsExactly("a, b", "c");
        assertThat(test.rows()).hasSize(2);
        PredictionFile.Row first = test.rows().get(0);
        assertThat(first.id()).isEqualTo("y\"z");
        assertThat(first.target()).containsExactly(-1, 1);
        assertThat(first.probabilities()).containsExactly(0.25f, 0.75f);
        assertThat(first.decisions()).containsExactly(false, true);
        assertThat(read(PredictionFile.FOLDS, HEADER + rows).rows()).hasSize(1);
    }

    @Test
    void rowsAndLabelsArePairedByName() throws IOException {
        PredictionFile one = read("test", HEADER + "1,x,test,,1,0,0.9,0.1,1,0\n2,y,test,,0,1,0.2,0.8,0,1\n");
        PredictionFile two = read(
                "test",
                "row,id,part,fold,c truth,\"a, b truth\",c probability,\"a, b probability\","
                        + "c decision,\"a, b decision\"\n9,y,test,,1,0,0.6,0.3,1,0\n4,x,test,,0,1,0.4,0.7,0,1\n");
        PredictionFile.Pair pair = one.with(two);
        assertThat(pair.targets()).isDeepEqualTo(new byte[][] {{1, 0}, {0, 1}});
        assertThat(pair.second().probabilities()).isDeepEqualTo(new float[][] {{0.7f, 0.4f}, {0.3f, 0.6f}});
        assertThat(pair.second().decisions()).isDeepEqualTo(new boolean[][] {{true, false}, {false, true}});
    }

    @Test
    void whatCannotBePairedIsNamed() throws IOException {
        PredictionFile one = read("test", HEADER + "1,x,test,,1,0,0.9,0.1,1,0\n2,y,test,,0,1,0.2,0.8,0,1\n");
        PredictionFile other = read("test", HEADER + "1,x,test,,1,0,0.9,0.1,1,0\n2,z,test,,0,1,0.2,0.8,0,1\n");
        PredictionFile changed = read("test", HEADER + "1,x,test,,1,0,0.9,0.1,1,0\n2,y,test,,1,1,0.2,0.8,0,1\n");
        PredictionFile renamed = read("test", HEADER.replace("c ", "d ") + "1,x,test,,1,0,0.9,0.1,1,0\n");
        for (List<Object> refusal : List.<List<Object>>of(
                List.of(other, "they were measured on different rows (2 and 2 rows, 1 of them the same)"),
                List.of(changed, "the labels of 1 of 2 rows differ between them"),
                List.of(renamed, "they have different labels"))) {
            assertThatThrownBy(() -> one.with((PredictionFile) refusal.get(0)))
                    .isInstanceOf(InputException.class)
                    .hasMessage((String) refusal.get(1));
        }
    }

    /** Where names repeat, a row is its number and its name. */
    @Test
    void repeatedNames() throws IOException {
        String rows = "1,x,test,,1,0,0.9,0.1,1,0\n2,x,test,,0,1,0.2,0.8,0,1\n";
        PredictionFile one = read("test", HEADER + rows);
        assertThat(one.with(one).targets()).isDeepEqualTo(new byte[][] {{1, 0}, {0, 1}});
        PredictionFile moved = read("test", HEADER + rows.replace("2,x", "3,x"));
        assertThatThrownBy(() -> one.with(moved)).hasMessageContaining("1 of them the same");
    }

    @Test
    void aDamagedFileIsRefusedWithItsLine() {
        for (String text : List.of(
                HEADER + "1,x,test,,1,0,0.9\n",
                HEADER + "1,x,test,,1,0,zero,0.1,1,0\n",
                "",
                "a,b\n",
                "row,id,part,fold\n")) {
            assertThatThrownBy(() -> read("test", text))
                    .isInstanceOf(InputException.class)
                    .hasMessageMatching(
                            ".*predictions.csv:[12]: not as train writes it; train again, or delete the file");
        }
    }
}
