package org.lamella.bench.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.data.InputException;

/** Rows are divided without a change to their text. */
class RowFilesTest {

    @TempDir
    Path folder;

    @Test
    void recordsOfAnArffFileKeepTheirText() throws IOException {
        String head = "@relation t\n% a comment\n@attribute a {x,y}\n@attribute b numeric\n@DATA\n";
        Path file = folder.resolve("t.arff");
        Files.writeString(file, head + "x, 1\n% no row\n\n{1 2.50}\ny,\t3 % \u00e9\n", StandardCharsets.ISO_8859_1);
        RowFiles rows = RowFiles.read(file);
        assertThat(rows.rows()).isEqualTo(3);
        Path target = folder.resolve("u.arff");
        rows.write(target, new int[] {0, 2});
        assertThat(Files.readString(target, StandardCharsets.ISO_8859_1)).isEqualTo(head + "x, 1\ny,\t3 % \u00e9\n");
    }

    @Test
    void sequencesMayHaveSeveralLines() throws IOException {
        Path file = Files.writeString(folder.resolve("s.fa"), "; note\n>01|a x\nACG\nT\n>10|b\nGG\n>11|c\nTT\n");
        RowFiles rows = RowFiles.read(file);
        assertThat(rows.rows()).isEqualTo(3);
        Path target = folder.resolve("t.fa");
        rows.write(target, new int[] {2, 0});
        assertThat(target).hasContent("; note\n>01|a x\nACG\nT\n>11|c\nTT\n");
    }

    @Test
    void aSequenceInTheFilesOfTwoLabelsIsOneRow() throws IOException {
        Path data = Files.createDirectory(folder.resolve("d"));
        Files.writeString(data.resolve("er.fasta"), ">a 1\nAC\nGT\n>b\nGG\n");
        Files.writeString(data.resolve("golgi.fasta"), ">c\nTT\n>a 2\nACGT\n>a\nTT\n");
        RowFiles rows = RowFiles.read(data);
        assertThat(rows.rows()).isEqualTo(4);
        Path target = folder.resolve("out");
        rows.write(target, new int[] {0, 3});
        assertThat(target.resolve("er.fasta")).hasContent(">a 1\nAC\nGT\n");
        assertThat(target.resolve("golgi.fasta")).hasContent(">a 2\nACGT\n>a\nTT\n");
    }

    @Test
    void otherFormatsAreRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("t.csv"), "a,b\n1,0\n");
        assertThatThrownBy(() -> RowFiles.read(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("only ARFF and FASTA files");
    }
}
