package org.lamella.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The packages of the command line import each other in one direction only. */
class PackagesTest {

    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final Pattern NAME = Pattern.compile("\\b(org\\.lamella\\.cli(?:\\.[a-z]\\w*)*)\\.[A-Z]");

    /** The packages that each package names in its sources. */
    private static Map<String, Set<String>> imports() throws IOException {
        Map<String, Set<String>> imports = new TreeMap<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
                String own = SOURCES.relativize(file.getParent()).toString().replace('/', '.');
                Set<String> named = imports.computeIfAbsent(own, p -> new TreeSet<>());
                Matcher names = NAME.matcher(Files.readString(file));
                while (names.find()) {
                    named.add(names.group(1));
                }
                named.remove(own);
            }
        }
        return imports;
    }

    @Test
    void noPackageImportsItselfThroughOthers() throws IOException {
        Map<String, Set<String>> imports = imports();
        assertThat(imports.get("org.lamella.cli.report")).contains("org.lamella.cli.option", "org.lamella.cli.stream");
        for (String from : imports.keySet()) {
            Set<String> reached = new TreeSet<>();
            Deque<String> open = new ArrayDeque<>(imports.get(from));
            while (!open.isEmpty()) {
                String next = open.pop();
                if (reached.add(next)) {
                    open.addAll(imports.getOrDefault(next, Set.of()));
                }
            }
            assertThat(reached)
                    .as("what " + from + " imports, with what those import")
                    .doesNotContain(from);
        }
    }
}
