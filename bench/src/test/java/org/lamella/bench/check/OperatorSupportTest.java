package org.lamella.bench.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lamella.bench.operator.Operator;

/** The page of what runs where names the operators that there are. */
class OperatorSupportTest {

    @Test
    void thePageIsUpToDate() throws IOException {
        List<String> page = Files.readAllLines(Path.of("..", "docs", "operators.md"));
        List<String> expected = OperatorSupport.operators().entrySet().stream()
                .map(e -> "| " + e.getKey() + " | " + e.getValue().size() + " | yes | yes |")
                .toList();
        assertThat(page.stream().filter(l -> l.startsWith("| ") && !l.startsWith("| operator")))
                .as("docs/operators.md; regenerate it with the command in its first lines")
                .hasSameSizeAs(expected)
                .allSatisfy(line -> assertThat(expected).anyMatch(line::startsWith));
    }

    @Test
    void aRowForEachOperatorLossAndOptimizer() {
        Map<String, List<CheckCase>> operators = OperatorSupport.operators();
        assertThat(operators).hasSize(Operator.values().length + 3 + 4);
        assertThat(operators.values()).allSatisfy(cases -> assertThat(cases).isNotEmpty());
        String page = OperatorSupport.markdown(List.of(
                new OperatorSupport.Row("dense", 3, Map.of("CPU", "yes")),
                new OperatorSupport.Row("pooling", 2, Map.of("CPU", "DIFFERS: x"))));
        assertThat(page)
                .contains(
                        "| operator | cases | CPU |\n|---|---:|---|\n| dense | 3 | yes |\n",
                        "| dense | 3 | yes |\n| pooling | 2 | DIFFERS: x |\n");
    }
}
