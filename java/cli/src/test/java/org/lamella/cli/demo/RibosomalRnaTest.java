package org.lamella.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;

class RibosomalRnaTest {

    private static final String TWO =
            ">1 one\tmore\tBacteria; Actinobacteria; Actinobacteria; A; B; C\nACG\nT\n>2\tx\tBacteria; "
                    + "Actinobacteria; D; E; F; G\nGG\n";

    @TempDir
    Path folder;

    @Test
    void everyTaxonWithItsRankIsALabel() throws IOException {
        Path file = Files.writeString(folder.resolve("r.fasta"), TWO);
        Dataset all = RibosomalRna.read(file, 1, 4);
        assertThat(all.labels())
                .containsExactly(
                        "domain:Bacteria",
                        "phylum:Actinobacteria",
                        "class:Actinobacteria",
                        "order:A",
                        "family:B",
                        "genus:C",
                        "class:D",
                        "order:E",
                        "family:F",
                        "genus:G");
        assertThat(all.ids()).containsExactly("1", "2");
        assertThat(all.targets()[1]).containsExactly(1, 1, 0, 0, 0, 0, 1, 1, 1, 1);
        assertThat(all.features()[0]).containsExactly(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
        assertThat(all.lengths()).containsExactly(4, 2);
        assertThat(RibosomalRna.read(file, 2, 4).labels()).containsExactly("domain:Bacteria", "phylum:Actinobacteria");
    }

    @Test
    void whatIsWrongIsSaid() throws IOException {
        Path file = Files.writeString(folder.resolve("w.fasta"), TWO + ">3\tBacteria; A\nA\n");
        assertThatThrownBy(() -> RibosomalRna.read(file, 1, 4))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a lineage of 6 taxa");
        assertThatThrownBy(() -> RibosomalRna.read(folder.resolve("none"), 1, 4))
                .hasMessageContaining("no such file");
    }
}
