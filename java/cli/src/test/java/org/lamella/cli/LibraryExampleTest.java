package org.lamella.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's example of library use: at most 20 lines, compiled and run without changes. */
class LibraryExampleTest {

    @TempDir
    Path folder;

    @Test
    void compilesAndRuns() throws Exception {
        String readme = Files.readString(SourceTree.root().resolve("README.md"));
        String example = readme.substring(readme.indexOf("```java\n") + 8);
        example = example.substring(0, example.indexOf("```"));
        assertThat(example.lines().count()).isLessThanOrEqualTo(20);
        Path source = folder.resolve("Example.java");
        Files.writeString(source, example);
        int errors = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        folder.toString(),
                        source.toString());
        assertThat(errors).isZero();
        Path data = folder.resolve("genes.csv");
        StringBuilder text = new StringBuilder("a,b,l1,l2\n");
        for (int i = 0; i < 60; i++) {
            text.append(i % 7)
                    .append(',')
                    .append(i % 5)
                    .append(',')
                    .append(i % 2)
                    .append(',')
                    .append(i % 3 == 0 ? 1 : 0)
                    .append('\n');
        }
        Files.writeString(data, text);
        try (URLClassLoader loader = new URLClassLoader(
                new java.net.URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            loader.loadClass("Example").getMethod("main", String[].class).invoke(null, (Object)
                    List.of(data.toString()).toArray(String[]::new));
        }
    }
}
