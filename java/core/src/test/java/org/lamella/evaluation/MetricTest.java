package org.lamella.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lamella.evaluation.analysis.Bootstrap;
import org.lamella.json.Json;

/** The catalogue has exactly the metrics of the files. */
class MetricTest {

    private static final Metrics MEASURED = Metrics.of(
            new float[][] {{0.9f, 0.6f, 0.2f}, {0.1f, 0.7f, 0.4f}, {0.3f, 0.6f, 0.8f}},
            new byte[][] {{1, 0, 1}, {0, 1, 1}, {0, 1, 0}});

    @Test
    void everyMetricOfAFileIsInTheCatalogueWithItsValue() {
        ObjectNode file = Json.mapper().valueToTree(MEASURED);
        file.remove(
                List.of("labels", "labels_with_positives", "samples", "rows_without_labels", "ranking_of_empty_rows"));
        assertThat(file.properties())
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Metric.values()).map(Metric::key).toList());
        for (Metric metric : Metric.values()) {
            assertThat(metric.of(MEASURED))
                    .as(metric.key())
                    .isEqualTo(file.get(metric.key()).asDouble());
        }
    }

    @Test
    void intervalsAreWrittenByKey() {
        JsonNode written = Json.mapper().valueToTree(Map.of(Metric.MICRO_F1, new Bootstrap.Interval(0.25, 0.5)));
        assertThat(written.toString()).isEqualTo("{\"micro_f1\":{\"low\":0.25,\"high\":0.5}}");
    }

    @Test
    void theHeadlineReadsAsBefore() {
        assertThat(MEASURED.headline())
                .matches("Hamming loss \\d\\.\\d{4}, subset accuracy \\d\\.\\d{3}, micro-F1 \\d\\.\\d{3}, "
                        + "macro-F1 \\d\\.\\d{3}, ranking loss \\d\\.\\d{3}, average precision \\d\\.\\d{3}");
    }

    @Test
    void whatIsNotDefinedIsADash() {
        assertThat(Metrics.of(new float[][] {{0.9f}, {0.1f}}, new byte[][] {{1}, {0}})
                        .headline())
                .contains("ranking loss -, ")
                .doesNotContain("NaN");
    }
}
