package org.lamella.data.splits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.SharedData;
import org.lamella.data.Dataset;
import org.lamella.data.Datasets;
import org.lamella.data.LabelSelection;
import org.lamella.data.rows.Split;

/** CD-HIT's clusters of real proteins. */
class ProteinGroupsTest {

    @TempDir
    Path folder;

    @Test
    void noClusterStandsOnBothSides() throws Exception {
        Path proteins =
                Objects.requireNonNull(SharedData.file("multiloc/ER.fasta").getParent());
        Path clusters = cluster(proteins);
        Dataset data = Datasets.read(proteins, LabelSelection.declared());
        int[] groups = Groups.read(clusters, data.ids());
        assertThat(Groups.count(groups)).isBetween(3800, 4800);
        assertThat(shared(Split.stratified(data.targets(), new double[] {8, 1, 1}, 1, groups), groups))
                .isZero();
        assertThat(shared(Split.stratified(data.targets(), new double[] {8, 1, 1}, 1), groups))
                .as("without groups")
                .isGreaterThan(50);
        int[][] parts = Split.stratified(data.targets(), new double[] {8, 1, 1}, 1, groups);
        for (int l = 0; l < data.labels().size(); l++) {
            int label = l;
            double all =
                    Arrays.stream(data.targets()).filter(t -> t[label] == 1).count();
            assertThat(Arrays.stream(parts[2])
                                    .filter(r -> data.targets()[r][label] == 1)
                                    .count()
                            / all)
                    .as(data.labels().get(l))
                    .isBetween(0.07, 0.13);
        }
    }

    private Path cluster(Path proteins) throws IOException, InterruptedException {
        Path all = folder.resolve("all.fasta");
        try (OutputStream out = Files.newOutputStream(all);
                Stream<Path> files = Files.list(proteins)) {
            for (Path file : files.sorted().toList()) {
                Files.copy(file, out);
            }
        }
        Process process;
        try {
            process = new ProcessBuilder(List.of(
                            "cd-hit",
                            "-i",
                            all.toString(),
                            "-o",
                            folder.resolve("c").toString(),
                            "-c",
                            "0.6",
                            "-n",
                            "4",
                            "-d",
                            "0"))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
        } catch (IOException e) {
            System.out.println("skipped: cd-hit is not installed");
            assumeTrue(false, "skipped: cd-hit is not installed");
            throw e;
        }
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return folder.resolve("c.clstr");
    }

    /** Groups with rows in more than one part. */
    private static long shared(int[][] parts, int[] groups) {
        Set<Integer> seen = new HashSet<>();
        long both = 0;
        for (int[] part : parts) {
            Set<Integer> own = new HashSet<>();
            Arrays.stream(part).forEach(r -> own.add(groups[r]));
            both += own.stream().filter(seen::contains).count();
            seen.addAll(own);
        }
        return both;
    }
}
