package org.lamella.data.splits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.data.InputException;

class GroupsTest {

    private static final List<String> IDS = List.of("a", "b.1", "c|x", "d");

    @TempDir
    Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void cdHit() throws IOException {
        Path f = file(
                "x.clstr",
                ">Cluster 0\n0\t120aa, >b.1... *\n1\t119aa, >d... at 98.32%\n>Cluster 1\n0\t100nt, >c|x... "
                        + "*\n1\t90nt, >a... at +/91.11%\n");
        assertThat(Groups.read(f, IDS)).containsExactly(0, 1, 0, 1);
    }

    @Test
    void mmseqs2HasTheRepresentativeFirst() throws IOException {
        assertThat(Groups.read(file("x_cluster.tsv", "b.1\tb.1\nb.1\td\na\ta\na\tc|x\n"), IDS))
                .containsExactly(0, 1, 0, 1);
    }

    @Test
    void aTableHasTheRowFirst() throws IOException {
        assertThat(Groups.read(file("t.csv", "a,g1\nb.1,g2\nc|x,g1\nd,g3\nunused,g3\n"), IDS))
                .containsExactly(0, 1, 0, 2);
        assertThat(Groups.count(new int[] {0, 1, 0, 2})).isEqualTo(3);
    }

    /** CD-HIT writes a header up to its first blank, MMseqs2 the accession; bits of labels are part of the header. */
    @Test
    void shortenedNames() throws IOException {
        List<String> rows = List.of("second one", "sp|P1|ONE_HUMAN", "sp|P2|TWO_HUMAN", "plain");
        assertThat(Groups.read(file("x.clstr", """
                                >Cluster 0
                                0\t9aa, >011|second... *
                                1\t9aa, >100|plain... at 98%
                                >Cluster 1
                                0\t9aa, >sp|P1|ONE_HUMAN... *
                                1\t9aa, >sp|P2|TWO_HUMAN... *
                                """), rows)).containsExactly(0, 1, 1, 0);
        assertThat(Groups.read(file("x_cluster.tsv", "second\tsecond\nsecond\tP1\nP2\tP2\nP2\tplain\n"), rows))
                .containsExactly(0, 0, 1, 1);
        assertThatThrownBy(() ->
                        Groups.read(file("y.clstr", ">Cluster 0\n0\t9aa, >a... *\n>Cluster 1\n0\t9aa, >a... *\n"), IDS))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("y.clstr:4: 'a' is in two groups, 'Cluster 0' and 'Cluster 1'");
        assertThatThrownBy(() -> Groups.read(file("y.tsv", "sp|P1|A\tg\ntr|P1|B\th\n"), List.of("P1")))
                .hasMessageContaining("'P1' could be each of 'sp|P1|A', 'tr|P1|B'");
    }

    @Test
    void whatIsMissingOrWrongIsSaid() throws IOException {
        assertThatThrownBy(() -> Groups.read(file("t.tsv", "a\tg\nb.1\tg\n"), IDS))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("2 of 4 rows are in no group, for example 'c|x'")
                .hasMessageContaining("-d 0");
        assertThatThrownBy(() -> Groups.read(file("u.tsv", "a\tg\tmore\n"), IDS))
                .hasMessageContaining("u.tsv")
                .hasMessageContaining("found 3");
        assertThatThrownBy(() -> Groups.read(file("v.clstr", "0\t1aa, >a... *\n"), IDS))
                .hasMessageContaining("expected '>Cluster N'");
        assertThatThrownBy(() -> Groups.read(folder.resolve("none.clstr"), IDS)).hasMessageContaining("no such file");
    }
}
