package org.lamella.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every JDK of this machine from 17 on runs the command from a jar with our manifest and says nothing on its own. */
class PackagedJarTest {

    @TempDir
    Path folder;

    static Stream<Path> javas() throws Exception {
        Path all = Path.of("/usr/lib/jvm");
        List<Path> found = new ArrayList<>(List.of(LamellaProcess.java()));
        if (Files.isDirectory(all)) {
            try (Stream<Path> homes = Files.list(all)) {
                homes.map(h -> h.resolve("bin/java"))
                        .filter(Files::isExecutable)
                        .map(PackagedJarTest::real)
                        .filter(j -> !found.contains(j))
                        .forEach(found::add);
            }
        }
        return found.stream().map(PackagedJarTest::real).distinct();
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("javas")
    void runsWithoutAWordFromTheJvm(Path java) throws Exception {
        Path jar = folder.resolve("start.jar");
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, "org.lamella.cli.Lamella");
        attributes.putValue("Enable-Native-Access", "ALL-UNNAMED");
        StringBuilder path = new StringBuilder();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            path.append(Path.of(entry).toUri()).append(' ');
        }
        attributes.put(Attributes.Name.CLASS_PATH, path.toString().strip());
        try (OutputStream out = Files.newOutputStream(jar)) {
            new JarOutputStream(out, manifest).close();
        }
        Path data = folder.resolve("d.csv");
        StringBuilder text = new StringBuilder("a,b,l\n");
        for (int i = 0; i < 40; i++) {
            text.append(i).append(',').append(i % 3).append(',').append(i % 2).append('\n');
        }
        Files.writeString(data, text);
        Process p = new ProcessBuilder(
                        java.toString(),
                        "-jar",
                        jar.toString(),
                        "train",
                        data.toString(),
                        "--labels",
                        "1",
                        "--epochs",
                        "2",
                        "--out",
                        folder.resolve("run").toString())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        assertThat(p.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(folder.resolve("err"))).as(java.toString()).isEmpty();
        assertThat(p.exitValue()).isZero();
    }
}
