package org.lamella.cli.reference;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.lamella.cli.Lamella;
import org.lamella.cli.option.OptionGroup;
import org.lamella.file.AtomicFiles;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The reference of all commands as Markdown. The commands of the launcher are in head.md, written by hand. */
public final class CommandReference {

    private static final String HEAD = "head.md";
    private static final String OWN = "";

    private final StringBuilder text = new StringBuilder();

    private CommandReference() {}

    /**
     * Writes the reference.
     *
     * @param arguments the file
     * @throws IOException if it cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        String text = markdown();
        AtomicFiles.replace(Path.of(arguments[0]), p -> Files.writeString(p, text));
    }

    /** {@return the reference of all commands that are on the class path} */
    public static String markdown() {
        CommandReference reference = new CommandReference();
        reference.text.append(head());
        CommandLine root = Lamella.commandLine();
        reference.contents(root);
        subcommands(root).forEach(c -> reference.command(c, 2));
        return reference.text.toString();
    }

    private static String head() {
        try (InputStream in = CommandReference.class.getResourceAsStream(HEAD)) {
            return new String(
                    Objects.requireNonNull(in, "the packaged program lacks " + HEAD)
                            .readAllBytes(),
                    StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each once, also one that has an alias. */
    private static Collection<CommandLine> subcommands(CommandLine command) {
        return new LinkedHashSet<>(command.getSubcommands().values());
    }

    private void contents(CommandLine root) {
        text.append("\n## Commands\n\n| command | what it does |\n|---|---|\n");
        for (CommandLine command : subcommands(root)) {
            contentsLine(command);
            subcommands(command).forEach(this::contentsLine);
        }
    }

    private void contentsLine(CommandLine command) {
        String name = command.getCommandSpec().qualifiedName();
        row(
                "[`" + name + "`](#" + name.replace(' ', '-') + ")",
                line(command.getCommandSpec().usageMessage().description()[0]));
    }

    private void command(CommandLine command, int depth) {
        CommandSpec spec = command.getCommandSpec();
        text.append('\n')
                .append("#".repeat(depth))
                .append(' ')
                .append(spec.qualifiedName())
                .append("\n\n");
        text.append(description(spec)).append("\n\n    ").append(synopsis(spec)).append('\n');
        if (spec.aliases().length > 0) {
            text.append("\nAlso: `").append(String.join("`, `", spec.aliases())).append("`.\n");
        }
        groups(spec).forEach(this::table);
        subcommands(command).forEach(c -> command(c, depth + 1));
    }

    /** Shows the required options; the others are in the tables. */
    private static String synopsis(CommandSpec spec) {
        List<String> words = new ArrayList<>(List.of(spec.qualifiedName()));
        spec.options().stream()
                .filter(CommandReference::isRequired)
                .forEach(o -> words.add(o.longestName() + " " + o.paramLabel()));
        if (spec.options().stream().anyMatch(o -> !isRequired(o) && !isHelp(o))) {
            words.add("[OPTIONS]");
        }
        spec.positionalParameters()
                .forEach(p -> words.add(p.paramLabel() + (p.arity().max() > 1 ? "..." : "")));
        if (!spec.subcommands().isEmpty()) {
            words.add(spec.usageMessage().synopsisSubcommandLabel());
        }
        return String.join(" ", words);
    }

    /** picocli marks the options of an exclusive group as required. */
    private static boolean isRequired(ArgSpec argument) {
        return argument.required() && argument.group() == null;
    }

    private static boolean isHelp(OptionSpec option) {
        return option.usageHelp() || option.versionHelp();
    }

    /** Titles and rows: first the arguments of this command only, then the shared ones. */
    private static Map<String, List<ArgSpec>> groups(CommandSpec spec) {
        Map<ArgSpec, String> titles = new LinkedHashMap<>();
        addTitles(spec, titles);
        for (ArgGroupSpec group : spec.argGroups()) {
            String title = line(group.heading()).replaceFirst(":$", "") + (group.exclusive() ? "; at most one" : "");
            group.allOptionsNested().forEach(o -> titles.put(o, title));
        }
        Map<String, List<ArgSpec>> groups = new LinkedHashMap<>();
        groups.put(OWN, new ArrayList<>(spec.positionalParameters()));
        for (OptionSpec option : spec.options()) {
            if (!isHelp(option) && !option.hidden()) {
                groups.computeIfAbsent(titles.getOrDefault(option, OWN), t -> new ArrayList<>())
                        .add(option);
            }
        }
        return groups;
    }

    /** Mixins of mixins come last: an option has the title of the innermost group. */
    private static void addTitles(CommandSpec spec, Map<ArgSpec, String> titles) {
        for (CommandSpec mixin : spec.mixins().values()) {
            if (mixin.userObject() instanceof OptionGroup group) {
                mixin.options().forEach(o -> titles.put(o, group.title()));
            }
            addTitles(mixin, titles);
        }
    }

    private void table(String title, List<ArgSpec> arguments) {
        if (arguments.isEmpty()) {
            return;
        }
        text.append('\n');
        if (!title.isEmpty()) {
            text.append(title).append(":\n\n");
        }
        text.append("| argument | meaning |\n|---|---|\n");
        arguments.forEach(
                a -> row(name(a), (a.isOption() && isRequired(a) ? "Required. " : "") + line(a.description())));
    }

    private static String name(ArgSpec argument) {
        if (argument instanceof PositionalParamSpec) {
            return "`" + argument.paramLabel() + "`";
        }
        OptionSpec option = (OptionSpec) argument;
        String value = option.arity().max() == 0
                ? ""
                : option.arity().min() == 0 ? "[=" + option.paramLabel() + "]" : " " + option.paramLabel();
        return "`" + option.longestName() + value + "`";
    }

    private static String description(CommandSpec spec) {
        return line(spec.usageMessage().description());
    }

    /** picocli treats descriptions as format strings. */
    private static String line(String... description) {
        return List.of(description).stream()
                .map(d -> String.format(Locale.ROOT, d))
                .collect(Collectors.joining(" "))
                .strip();
    }

    private void row(String left, String right) {
        text.append("| ").append(cell(left)).append(" | ").append(cell(right)).append(" |\n");
    }

    private static String cell(String value) {
        return value.replace("|", "\\|").replaceAll("\\s+", " ");
    }
}
