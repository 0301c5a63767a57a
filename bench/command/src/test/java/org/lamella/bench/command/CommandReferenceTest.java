package org.lamella.bench.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.lamella.cli.SourceTree;
import org.lamella.cli.reference.CommandReference;

/** The reference of options is in this module's tests, because this class path has all commands. */
class CommandReferenceTest {

    @Test
    void theReferenceIsUpToDate() throws Exception {
        Path file = SourceTree.root().resolve("docs/cli.md");
        assertThat(file).as("written by ./lamella docs").exists();
        assertThat(Files.readString(file))
                .as("docs/cli.md is out of date; ./lamella docs writes it anew")
                .isEqualTo(CommandReference.markdown());
    }

    @Test
    void itHasEveryCommandAndTheirSharedOptions() {
        assertThat(CommandReference.markdown())
                .contains("./lamella test", "## lamella train\n", "### lamella bench step\n")
                .contains("`--threads N`", "`--out DIR` | Required. ")
                .doesNotContain("${", "%n");
    }

    @Test
    void aCommandWithTwoNamesIsThereOnce() {
        assertThat(CommandReference.markdown())
                .containsOnlyOnce("## lamella features\n")
                .containsOnlyOnce("| [`lamella features`]")
                .contains("Also: `embeddings`.");
    }
}
