package org.lamella.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** How rows without a label enter ranking metrics is chosen, is said, and is in all results. */
@Execution(ExecutionMode.SAME_THREAD) // the commands run in this process
class RankingOfEmptyRowsTest {

    private static final String ONE = " --ranking-of-empty-rows one";

    @TempDir
    Path folder;

    private FolderCommands here;

    @BeforeEach
    void files() throws Exception {
        here = new FolderCommands(folder);
    }

    private JsonNode json(String file) throws Exception {
        return new ObjectMapper().readTree(folder.resolve(file).toFile());
    }

    /** What {@code one} makes of the metric that leaves {@code empty} of {@code rows} out. */
    private static double withEmpty(JsonNode skipped, String metric, double perfect) {
        int rows = skipped.path("samples").asInt();
        int empty = skipped.path("rows_without_labels").asInt();
        assertThat(empty).isBetween(1, rows - 1);
        return (skipped.path(metric).asDouble() * (rows - empty) + perfect * empty) / rows;
    }

    @Test
    void trainAndEvaluateCountThemAsAsked() throws Exception {
        String skip = here.passes(FolderCommands.TRAIN + "--test TEST --out S");
        String one = here.passes(FolderCommands.TRAIN + "--test TEST --out O" + ONE);
        assertThat(skip).contains("ranking metrics leave such rows out; --ranking-of-empty-rows one counts them");
        assertThat(one).contains("ranking metrics count such rows as ranked perfectly");
        JsonNode skipped = json("S/metrics.json").path("test");
        JsonNode counted = json("O/metrics.json").path("test");
        assertThat(skipped.path("ranking_of_empty_rows").asText()).isEqualTo("skip");
        assertThat(counted.path("ranking_of_empty_rows").asText()).isEqualTo("one");
        assertThat(counted.path("average_precision").asDouble())
                .isCloseTo(withEmpty(skipped, "average_precision", 1), within(1e-9));
        assertThat(counted.path("coverage").asDouble()).isCloseTo(withEmpty(skipped, "coverage", 0), within(1e-9));
        assertThat(counted.path("hamming_loss")).isEqualTo(skipped.path("hamming_loss"));
        JsonNode interval = json("O/metrics.json").at("/intervals/network/average_precision");
        assertThat(counted.path("average_precision").asDouble())
                .isBetween(
                        interval.path("low").asDouble(), interval.path("high").asDouble());
        assertThat(Files.readString(folder.resolve("O/history.csv")))
                .as("validation rows of each epoch")
                .isNotEqualTo(Files.readString(folder.resolve("S/history.csv")));

        JsonNode evaluated = new ObjectMapper().readTree(here.passes("evaluate S TEST --json" + ONE));
        assertThat(evaluated.at("/metrics/ranking_of_empty_rows").asText()).isEqualTo("one");
        assertThat(evaluated.at("/metrics/average_precision").asDouble())
                .isCloseTo(counted.path("average_precision").asDouble(), within(1e-9));
        assertThat(here.passes("evaluate S TEST")).contains("ranking metrics leave such rows out");

        String compared = here.passes("compare S O --out C.html");
        assertThat(compared).contains("--ranking-of-empty-rows", "these metrics are not comparable");
        assertThat(here.passes("compare S S --out C.html")).doesNotContain("not comparable");
    }

    @Test
    void foldsCountThemAsAsked() throws Exception {
        here.passes(FolderCommands.TRAIN + "--folds 2 --test TEST --out F" + ONE);
        assertThat(json("F/folds.json")
                        .at("/held_out/ensemble/ranking_of_empty_rows")
                        .asText())
                .isEqualTo("one");
        assertThat(json("F/fold-1/metrics.json")
                        .at("/test/ranking_of_empty_rows")
                        .asText())
                .isEqualTo("one");
    }
}
