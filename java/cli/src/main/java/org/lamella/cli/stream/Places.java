package org.lamella.cli.stream;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Datasets;
import org.lamella.data.InputException;
import org.lamella.file.OutputPlace;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The files of a command, found in what was parsed. Before the work, its outputs are tested: no output is an input, or
 * another output. Then {@code -} among the inputs becomes a file with what standard input has.
 */
public final class Places implements AutoCloseable {

    private static final String FORMAT = "--format";
    private static final String JSON = "--json";

    private final StandardInput kept = new StandardInput();
    private final Function<Path, List<Path>> filesWritten;
    private final Function<Path, List<Path>> filesRead;

    private Places(Function<Path, List<Path>> written, Function<Path, List<Path>> read) {
        this.filesWritten = written;
        this.filesRead = read;
    }

    /**
     * Tests outputs and prepares inputs.
     *
     * @param result of the command that will run
     * @param written the files that a command writes into its folder, for example of a run
     * @param read the files that a command may read in a folder, except data files; they may be missing
     * @return removes temporary files when it is closed
     * @throws InputException if a file cannot be used as it is named
     */
    public static Places prepare(
            ParseResult result, Function<Path, List<Path>> written, Function<Path, List<Path>> read) {
        Inputs.forget();
        Places places = new Places(written, read);
        try {
            List<ArgSpec> inputs = new ArrayList<>();
            for (ArgSpec arg : result.matchedArgs()) {
                if (annotation(arg, Output.class) == null && takesFiles(arg)) {
                    inputs.add(arg);
                }
            }
            List<ArgSpec> outputs = result.commandSpec().args().stream()
                    .filter(arg -> annotation(arg, Output.class) != null && arg.getValue() != null)
                    .toList();
            places.testOutputs(result, outputs, inputs);
            places.openInputs(result, inputs);
            return places;
        } catch (RuntimeException e) {
            places.close();
            throw e;
        }
    }

    private static boolean takesFiles(ArgSpec arg) {
        Class<?> type = arg.auxiliaryTypes().length == 0 ? arg.type() : arg.auxiliaryTypes()[0];
        return type == Path.class || (type == String.class && arg.paramLabel().contains("FILE"));
    }

    private static <A extends Annotation> @Nullable A annotation(ArgSpec arg, Class<A> type) {
        return arg.userObject() instanceof AnnotatedElement field ? field.getAnnotation(type) : null;
    }

    private static Output output(ArgSpec arg) {
        Output output = annotation(arg, Output.class);
        if (output == null) {
            throw new IllegalStateException(name(arg) + " is no output");
        }
        return output;
    }

    private static String name(ArgSpec arg) {
        return arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel();
    }

    /** The paths of a value; a text that cannot be one is none. */
    private static List<Path> paths(Object value) {
        if (value instanceof Collection<?> all) {
            return all.stream().flatMap(one -> paths(one).stream()).toList();
        }
        try {
            return List.of(value instanceof Path path ? path : Path.of(value.toString()));
        } catch (InvalidPathException e) {
            return List.of();
        }
    }

    // ---- Outputs.

    private void testOutputs(ParseResult result, List<ArgSpec> outputs, List<ArgSpec> inputs) {
        List<Path> read = inputs.stream()
                .flatMap(arg -> arg.typedValues().stream())
                .flatMap(value -> paths(value).stream())
                .filter(path -> !StandardOutput.is(path))
                .flatMap(this::filesOf)
                .toList();
        List<Path> written = new ArrayList<>();
        ArgSpec standard = null;
        for (ArgSpec arg : outputs) {
            if (paths(arg.getValue()).isEmpty()) {
                continue;
            }
            Path out = paths(arg.getValue()).get(0);
            if (StandardOutput.is(out)) {
                requireStream(arg);
                requireAlone(result, arg, standard);
                standard = arg;
                continue;
            }
            List<Path> files = output(arg).value() == Output.Kind.FOLDER ? filesWritten.apply(out) : List.of(out);
            for (Path file : files) {
                if (output(arg).value() != Output.Kind.FOLDER) {
                    OutputPlace.newFile(file);
                }
                OutputPlace.notAnInput(file, read);
                requireOther(arg, file, written);
            }
            written.addAll(files);
        }
    }

    /** What a path that is read stands for: the files of a folder, or the file itself. */
    private Stream<Path> filesOf(Path path) {
        if (!Files.isDirectory(path)) {
            return Stream.of(path);
        }
        return Stream.concat(filesRead.apply(path).stream(), Datasets.files(path).stream());
    }

    private static void requireStream(ArgSpec arg) {
        Output output = output(arg);
        if (output.value() != Output.Kind.STREAM) {
            throw new InputException(name(arg) + " - would be standard output, and " + output.remedy()
                    + (output.value() == Output.Kind.FOLDER ? " (a folder of that name is ./-)" : ""));
        }
    }

    private static void requireAlone(ParseResult result, ArgSpec arg, @Nullable ArgSpec other) {
        String both = other != null ? name(other) + " -" : null;
        if (both == null
                && result.hasMatchedOption(JSON)
                && result.matchedOption(JSON).type() == boolean.class) {
            both = JSON;
        }
        if (both != null) {
            throw new InputException(name(arg) + " - and " + both
                    + " would both write to standard output; name a file, or leave one of them out");
        }
    }

    private static void requireOther(ArgSpec arg, Path file, List<Path> written) {
        for (Path other : written) {
            if (file.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize())) {
                throw new InputException(
                        name(arg) + " " + file + ": another output of the same command has this name; name another");
            }
        }
    }

    // ---- Inputs.

    private void openInputs(ParseResult result, List<ArgSpec> inputs) {
        DataFormat format = result.hasMatchedOption(FORMAT) ? result.matchedOptionValue(FORMAT, null) : null;
        requireOneStream(inputs);
        boolean used = false;
        for (ArgSpec arg : inputs) {
            if (arg.isMultiValue() || paths(arg.typedValues().get(0)).isEmpty()) {
                continue; // folders of runs, or no file
            }
            Path path = paths(arg.typedValues().get(0)).get(0);
            boolean data = annotation(arg, DataFile.class) != null;
            Path read = path;
            if (StandardOutput.is(path)) {
                read = kept.keep();
            } else if (isPipe(path) && (data || arg.paramLabel().contains("FILE"))) {
                read = kept.keep(path);
            }
            if (data && Files.isRegularFile(read)) {
                boolean other = format != null && format != DataFormat.of(path);
                used |= other;
                if (other || StandardInput.nameless(read)) {
                    read = kept.named(read, format);
                }
            }
            if (!read.equals(path)) {
                set(arg, read);
            }
        }
        if (format != null && !used) {
            throw new InputException(FORMAT + " has no effect: it is for data files whose name does not tell "
                    + "their format; leave it out");
        }
    }

    private static void requireOneStream(List<ArgSpec> inputs) {
        List<ArgSpec> standard = inputs.stream()
                .filter(arg -> arg.typedValues().stream()
                        .flatMap(value -> paths(value).stream())
                        .anyMatch(StandardOutput::is))
                .toList();
        for (ArgSpec arg : standard) {
            if (annotation(arg, DataFile.class) == null && !arg.paramLabel().contains("FILE")) {
                throw new InputException(name(arg) + ": - is standard input, and this must be named; give its path");
            }
        }
        if (standard.size() > 1) {
            throw new InputException(name(standard.get(0)) + " and " + name(standard.get(1))
                    + " are both -, and standard input can be read once; name a file for one of them");
        }
    }

    private static boolean isPipe(Path path) {
        return Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
    }

    private static void set(ArgSpec arg, Path read) {
        try {
            arg.setter().set(arg.type() == String.class ? read.toString() : read);
        } catch (Exception e) {
            throw new IllegalStateException(name(arg) + " cannot be set", e);
        }
    }

    @Override
    public void close() {
        kept.close(); // the names are kept: a message about a failure comes later
    }
}
