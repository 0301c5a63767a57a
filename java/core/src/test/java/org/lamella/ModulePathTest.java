package org.lamella;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The module: its API, and programs that use it on the module path and on the class path. */
class ModulePathTest {

    private static final Path RESOURCES = Path.of("src", "test", "resources", "module-path");
    private static final List<String> DEPENDENCIES =
            List.of("javacpp-", "jackson-", "fastcsv-", "fastdoubleparser-", "zstd-jni-", "jspecify-");
    private static final int FIRST_JAVA_THAT_WARNS = 24;

    @TempDir
    Path folder;

    /** The module and what it requires, as both paths take them. */
    private static String path() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.equals(classes().toString())
                        || DEPENDENCIES.stream()
                                .anyMatch(d ->
                                        Path.of(entry).getFileName().toString().startsWith(d)))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Path classes() {
        try {
            return Path.of(LamellaException.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- The API.

    /**
     * All public types that every program sees. A type that is added here has to be kept: if it is not for programs, it
     * belongs into a package that module-info.java exports to Lamella's own modules only.
     */
    @Test
    void theApiIsTheListedOne() throws IOException {
        List<String> types = apiTypes();
        List<String> expected = new ArrayList<>(List.of(types.size() + " public types"));
        expected.addAll(types);
        assertThat(Files.readAllLines(RESOURCES.resolve("public-api.txt")))
                .as("src/test/resources/module-path/public-api.txt")
                .isEqualTo(expected);
    }

    private static List<String> apiTypes() throws IOException {
        ModuleDescriptor module = ModuleFinder.of(classes())
                .find("org.lamella.core")
                .orElseThrow()
                .descriptor();
        List<String> types = new ArrayList<>();
        for (ModuleDescriptor.Exports exported : module.exports()) {
            if (exported.isQualified()) {
                continue;
            }
            try (Stream<Path> files =
                    Files.list(classes().resolve(exported.source().replace('.', '/')))) {
                files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(".class") && !name.contains("$") && !name.contains("-info"))
                        .map(name -> exported.source() + "." + name.replace(".class", ""))
                        .filter(ModulePathTest::isPublic)
                        .forEach(types::add);
            }
        }
        types.sort(Comparator.naturalOrder());
        return types;
    }

    private static boolean isPublic(String type) {
        try {
            return Modifier.isPublic(Class.forName(type, false, ModulePathTest.class.getClassLoader())
                    .getModifiers());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- Programs.

    @Test
    void aProgramOnTheModulePathTrainsSavesLoadsAndPredicts() throws Exception {
        Path program = program();
        assertThat(compile(sources(program), "-Xlint:all", "-Werror", "-classpath", "", "--module-path", path()))
                .isEmpty();
        assertThat(run(
                        "--enable-native-access=org.lamella.core,org.bytedeco.javacpp",
                        "--module-path",
                        path() + File.pathSeparator + folder.resolve("out"),
                        "--module",
                        "user.program/user.Program"))
                .contains("module org.lamella.core");
    }

    @Test
    void theSameProgramRunsOnTheClassPath() throws Exception {
        Path program = program();
        Files.delete(program.resolve("module-info.java"));
        assertThat(compile(sources(program), "-Xlint:all", "-Werror", "-classpath", path()))
                .isEmpty();
        assertThat(run(
                        "--enable-native-access=ALL-UNNAMED",
                        "-classpath",
                        path() + File.pathSeparator + folder.resolve("out"),
                        "user.Program"))
                .contains("module null");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.lamella.backend.ComputeDevice",
                "org.lamella.cpu.CpuDevice",
                "org.lamella.data.table.Table",
                "org.lamella.file.AtomicFiles",
                "org.lamella.json.Json",
                "org.lamella.plan.Plan",
                "org.lamella.report.Report",
                "org.lamella.text.Wording"
            })
    void aProgramCannotImportWhatIsInternal(String type) throws Exception {
        Class.forName(type); // it exists
        Path program = program();
        Path file = program.resolve("user/Program.java");
        Files.writeString(
                file, Files.readString(file).replace("package user;", "package user;\n\nimport " + type + ";"));
        assertThat(compile(sources(program), "-classpath", "", "--module-path", path()))
                .contains("package " + type.substring(0, type.lastIndexOf('.')) + " is not visible")
                .contains("does not export it");
    }

    private Path program() throws IOException {
        Path copy = folder.resolve("program");
        Files.createDirectories(copy.resolve("user"));
        for (String name : List.of("module-info.java", "user/Program.java")) {
            Files.copy(RESOURCES.resolve("program").resolve(name), copy.resolve(name));
        }
        return copy;
    }

    private static List<String> sources(Path program) throws IOException {
        try (Stream<Path> files = Files.walk(program)) {
            return files.map(Path::toString).filter(f -> f.endsWith(".java")).toList();
        }
    }

    /** What the compiler says: nothing, if all is well. */
    private String compile(List<String> sources, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("-proc:none", "-d", folder.resolve("out").toString()));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        boolean done = compiler.getTask(
                        said,
                        null,
                        null,
                        all,
                        null,
                        compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)
                                .getJavaFileObjectsFromStrings(sources))
                .call();
        assertThat(done).as(said.toString()).isEqualTo(said.toString().isEmpty());
        return said.toString();
    }

    private String run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments));
        command.add(Files.createDirectory(folder.resolve("data")).toString());
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        int code = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start()
                .waitFor();
        String said = Files.readString(out);
        assertThat(code).as(said + Files.readString(err)).isZero();
        if (Runtime.version().feature() >= FIRST_JAVA_THAT_WARNS) {
            assertThat(Files.readString(err))
                    .as("no access that the program has to allow")
                    .isEmpty();
        }
        double accuracy = Double.parseDouble(said.substring(said.indexOf(' ') + 1, said.indexOf('\n')));
        assertThat(accuracy).isGreaterThan(0.9);
        assertThat(said).contains("cpu: native library: ");
        return said;
    }
}
