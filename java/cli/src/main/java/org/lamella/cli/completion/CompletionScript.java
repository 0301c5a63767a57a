package org.lamella.cli.completion;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.lamella.cli.stream.Output;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The completion script for bash and zsh, from the commands themselves. Its frame is completion.sh: a {@code case} for
 * the options of each command, and one for the values of each option.
 */
public final class CompletionScript {

    private static final String FRAME = "completion.sh";
    private static final Set<String> COLUMNS = Set.of("--sequence-column", "--label-column", "--id-column");

    private final StringBuilder options = new StringBuilder();
    /** What completes a value, and the options with such values: COMMAND/OPTION. */
    private final Map<String, List<String>> values = new LinkedHashMap<>();

    private CompletionScript() {}

    /**
     * The script.
     *
     * @param root the command with all its subcommands
     * @return its text
     */
    public static String of(CommandLine root) {
        CompletionScript script = new CompletionScript();
        script.add(root, "");
        StringBuilder values = new StringBuilder();
        script.values.forEach((how, options) -> values.append("    ")
                .append(String.join("|", options))
                .append(") ")
                .append(how)
                .append(" ;;\n"));
        return frame().replace("@OPTIONS@", script.options).replace("@VALUES@", values);
    }

    private static String frame() {
        try (InputStream in = CompletionScript.class.getResourceAsStream(FRAME)) {
            return new String(
                    Objects.requireNonNull(in, "the packaged program lacks " + FRAME)
                            .readAllBytes(),
                    StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A command and its subcommands; {@code path} is empty for the root, then {@code bench} or {@code bench/step}. */
    private void add(CommandLine command, String path) {
        CommandSpec spec = command.getCommandSpec();
        boolean lists = path.isEmpty() || path.equals("help");
        List<String> words = new ArrayList<>(
                (lists ? spec.root().commandLine() : command).getSubcommands().keySet());
        List<String> names = new ArrayList<>(List.of(path));
        if (!path.isEmpty()) {
            for (String alias : spec.aliases()) {
                names.add(path.substring(0, path.lastIndexOf('/') + 1) + alias);
            }
        }
        for (OptionSpec option : spec.options()) {
            if (!option.hidden()) {
                words.addAll(List.of(option.names()));
            }
            if (!option.hidden() && option.arity().max() > 0) {
                names.forEach(name -> values.computeIfAbsent(how(option), how -> new ArrayList<>())
                        .add(name + "/" + option.longestName()));
            }
        }
        String arguments = spec.positionalParameters().isEmpty()
                ? "none"
                : spec.positionalParameters().stream().allMatch(CompletionScript::isFolder) ? "folders" : "files";
        String shown = path.isEmpty() ? "''" : String.join("|", names);
        options.append("    ")
                .append(shown)
                .append(") words='")
                .append(String.join(" ", words))
                .append("' arguments=")
                .append(lists ? "none" : arguments)
                .append(" ;;\n");
        command.getSubcommands().forEach((name, sub) -> {
            if (sub.getCommandName().equals(name)) {
                add(sub, path.isEmpty() ? name : path + "/" + name);
            }
        });
    }

    private static boolean isFolder(ArgSpec arg) {
        String label = arg.paramLabel();
        return label.equals("DIR") || label.equals("MODEL");
    }

    /**
     * What completes a value: words, files, folders, layers of the model, or columns of the data file.
     *
     * @param option any option with a value
     * @return a command of the script; {@code _lamella_none} for numbers and free text
     */
    static String how(OptionSpec option) {
        if (option.longestName().equals("--layer")) {
            return "_lamella_layers";
        }
        if (COLUMNS.contains(option.longestName())) {
            return "_lamella_columns";
        }
        List<String> words = new ArrayList<>();
        if (option.completionCandidates() != null) {
            boolean named = option.type().isEnum();
            option.completionCandidates().forEach(w -> words.add(named ? w.toLowerCase(Locale.ROOT) : w));
        }
        String files = option.paramLabel().contains("FILE") ? "; _lamella_files" : "";
        if (!words.isEmpty()) {
            return "_lamella_words '" + String.join(" ", words) + "'" + files;
        }
        if (option.type() == Path.class) {
            return isOutputFolder(option) ? "_lamella_folders" : "_lamella_files";
        }
        return files.isEmpty() ? "_lamella_none" : "_lamella_files";
    }

    private static boolean isOutputFolder(OptionSpec option) {
        if (option.userObject() instanceof AnnotatedElement field) {
            Output output = field.getAnnotation(Output.class);
            return output != null && output.value() == Output.Kind.FOLDER;
        }
        return false;
    }
}
