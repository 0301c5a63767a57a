package org.lamella.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.w3c.dom.Document;

/** {@code lamella learning-rate}. */
@Execution(ExecutionMode.SAME_THREAD) // the commands run in this process
class LearningRateCommandTest {

    private static final String TEST = "learning-rate DATA --labels 2 --net mlp-small --threads 1 ";

    @TempDir
    Path folder;

    private FolderCommands here;

    @BeforeEach
    void files() throws Exception {
        here = new FolderCommands(folder);
    }

    @Test
    void theSuggestionIsPrintedAndDrawn() throws Exception {
        String printed = here.passes(TEST + "--out P.svg");
        assertThat(printed)
                .contains(
                        " for the test of learning rates",
                        "learning rate       loss   smoothed",
                        "suggestion: --learning-rate 0.")
                .contains("the picture is " + folder.resolve("P.svg"));
        Document picture = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(folder.resolve("P.svg").toFile());
        assertThat(picture.getElementsByTagName("polyline").getLength()).isEqualTo(2);
        assertThat(picture.getDocumentElement().getTextContent()).contains("learning rate", "falls most steeply: ");
    }

    @Test
    void jsonHasEveryPoint() throws Exception {
        JsonNode result = new ObjectMapper().readTree(here.passes(TEST + "--from 0.0001 --to 1 --steps 40 --json"));
        assertThat(result.at("/points").size()).isBetween(10, 40);
        assertThat(result.at("/points/0/rate").asDouble()).isBetween(0.00009999, 0.00010001);
        assertThat(result.at("/network").asText()).isEqualTo("mlp-small");
        assertThat(result.has("suggested")).isTrue();
    }

    @Test
    void whatCannotBeIsRefused() {
        here.refused(TEST + "--steps 5", "the steps must be 10 or more, got 5");
        here.refused(TEST + "--from 1 --to 0.1", "learning rates must be above 0 and grow, got 1.0 to 0.1");
        here.refused(TEST + "--out P.png", "the picture is SVG; name a file that ends in .svg");
        here.refused(TEST + "--epochs 3", "--epochs has no effect: the number of --steps says how long it is");
    }
}
