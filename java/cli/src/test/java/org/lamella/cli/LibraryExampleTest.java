package org.lamella.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.cpu.CpuDevice;
import org.lamella.data.Datasets;
import org.lamella.data.LabelSelection;
import org.lamella.training.Trainer;
import org.lamella.training.TrainingSettings;

/** The examples of library use in README.md and docs/java.md, compiled and run without changes. */
class LibraryExampleTest {

    @TempDir
    Path folder;

    @Test
    void compilesAndRuns() throws Exception {
        String readme = Files.readString(SourceTree.root().resolve("README.md"));
        String example = readme.substring(readme.indexOf("```java\n") + 8);
        example = example.substring(0, example.indexOf("```"));
        assertThat(example.lines().count()).isLessThanOrEqualTo(20);
        compile("Example", example);
        run("Example", data().toString());
    }

    @Test
    void theGuideCompilesAndRuns() throws Exception {
        String guide = Files.readString(SourceTree.root().resolve("docs").resolve("java.md"));
        List<String> names = new ArrayList<>();
        for (MatchResult block : Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(guide)
                .results()
                .toList()) {
            String code = block.group(1);
            String name = code.substring(code.indexOf("public class ") + 13, code.indexOf(" {"));
            compile(name, code);
            names.add(name);
        }
        assertThat(names).containsExactly("Predict", "Train", "CrossValidate");
        Path data = data();
        Path model = folder.resolve("model");
        new Trainer(
                        Datasets.read(data, LabelSelection.last(2)),
                        TrainingSettings.defaults().epochs(2),
                        new CpuDevice(1))
                .run()
                .model()
                .save(model);
        run("Predict", model.toString(), data.toString());
        run("Train");
        run("CrossValidate", data.toString(), folder.resolve("ensemble").toString());
    }

    private void compile(String name, String code) throws IOException {
        Path source = folder.resolve(name + ".java");
        Files.writeString(source, code);
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
        assertThat(errors).as(name).isZero();
    }

    private Path data() throws IOException {
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
        return Files.writeString(data, text);
    }

    private void run(String name, String... arguments) throws Exception {
        try (URLClassLoader loader = new URLClassLoader(
                new java.net.URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) arguments);
        }
    }
}
