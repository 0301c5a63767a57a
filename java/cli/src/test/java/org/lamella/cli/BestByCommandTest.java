package org.lamella.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code train --best-by}. */
@Execution(ExecutionMode.SAME_THREAD) // the commands run in this process
class BestByCommandTest {

    private static final String TRAIN = "train DATA --labels 2 --net mlp-small --threads 1 --out R --epochs 6 ";

    @TempDir
    Path folder;

    private FolderCommands here;

    @BeforeEach
    void files() throws Exception {
        here = new FolderCommands(folder);
    }

    private JsonNode report(String run) throws Exception {
        return new ObjectMapper().readTree(folder.resolve(run + "/report.json").toFile());
    }

    private static double microF1(JsonNode epoch) {
        return epoch.at("/validation/micro_f1").asDouble();
    }

    /** The first epoch with the largest micro-F1. */
    private static int best(JsonNode report) {
        int best = 1;
        JsonNode epochs = report.at("/history");
        for (int i = 1; i < epochs.size(); i++) {
            best = microF1(epochs.get(i)) > microF1(epochs.get(best - 1)) ? i + 1 : best;
        }
        return best;
    }

    @Test
    void theResultSaysIt() throws Exception {
        String printed = here.passes(TRAIN + "--best-by micro-F1");
        JsonNode report = report("R");
        assertThat(report.at("/settings/best_by").asText()).isEqualTo("micro_f1");
        int best = report.at("/best_epoch").asInt();
        assertThat(printed)
                .contains("epoch " + best + " has the best validation micro-F1, ")
                .contains("weights of epoch " + best + " of 6");
        assertThat(report.at("/history").size()).isEqualTo(6);
        assertThat(best).isEqualTo(best(report));
        assertThat(here.run(TRAIN + "--resume --best-by hamming-loss").err())
                .contains("--best-by (was micro-f1, now hamming-loss)");
        here.passes(TRAIN + "--resume --best-by micro_f1");
    }

    @Test
    void everyFoldKeepsItsBest() throws Exception {
        here.passes(TRAIN + "--folds 2 --best-by micro-f1");
        for (int fold = 1; fold <= 2; fold++) {
            JsonNode report = report("R/fold-" + fold);
            assertThat(report.at("/best_epoch").asInt()).isEqualTo(best(report));
        }
    }

    @Test
    void aWrongNameIsRefusedWithTheNames() {
        assertThat(here.run(TRAIN + "--best-by micro-f2").err())
                .contains("--best-by: no metric 'micro-f2'; did you mean micro-f1?; there are loss, hamming-loss, ")
                .contains("micro-roc-auc", "label-accuracy");
        assertThat(folder.resolve("R")).doesNotExist();
    }
}
