package org.lamella.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamella.LamellaException;
import org.lamella.backend.UnusableDeviceException;
import org.lamella.cli.command.CompareCommand;
import org.lamella.cli.command.CompletionCommand;
import org.lamella.cli.command.DecideCommand;
import org.lamella.cli.command.DemoCommand;
import org.lamella.cli.command.DevicesCommand;
import org.lamella.cli.command.EvaluateCommand;
import org.lamella.cli.command.FeaturesCommand;
import org.lamella.cli.command.InspectCommand;
import org.lamella.cli.command.LearningRateCommand;
import org.lamella.cli.command.PackCommand;
import org.lamella.cli.command.PredictCommand;
import org.lamella.cli.command.TrainCommand;
import org.lamella.cli.command.TuneCommand;
import org.lamella.cli.option.Flags;
import org.lamella.cli.option.PathArgument;
import org.lamella.cli.report.RunFolder;
import org.lamella.cli.report.Version;
import org.lamella.cli.report.WorkLine;
import org.lamella.cli.stream.ClosedPipeException;
import org.lamella.cli.stream.Inputs;
import org.lamella.cli.stream.Places;
import org.lamella.cli.stream.StandardOutput;
import org.lamella.cpu.Machine;
import org.lamella.data.InputException;
import org.lamella.device.OutOfMemoryException;
import org.lamella.file.FileFailure;
import org.lamella.text.Suggestion;
import org.lamella.work.Work;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code lamella} command. Exit codes: 0 done, 1 a failure of ours, 2 unusable input or arguments. */
@Command(
        name = "lamella",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Trains and runs multi-label convolutional networks.",
        subcommands = {
            DemoCommand.class,
            TrainCommand.class,
            TuneCommand.class,
            LearningRateCommand.class,
            EvaluateCommand.class,
            PredictCommand.class,
            FeaturesCommand.class,
            InspectCommand.class,
            PackCommand.class,
            CompareCommand.class,
            DecideCommand.class,
            DevicesCommand.class,
            CompletionCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:a failure of Lamella itself",
            "2:unusable input or arguments",
            "130:stopped by Ctrl-C (143: by SIGTERM)",
            "141:the program that reads --out - has ended"
        },
        footer = {
            "",
            "In a source tree: ./lamella test runs all tests, ./lamella bundle makes an archive that runs "
                    + "without Java. They install missing build tools with sudo after asking; --yes skips the "
                    + "question.",
            "Shell completion: source <(${sys:lamella.command:-./lamella} completion)"
        })
public final class Lamella {

    /** The message of picocli's help command. */
    private static final Pattern UNKNOWN_COMMAND = Pattern.compile("Unknown subcommand '([^']*)'");

    private Lamella() {}

    /**
     * Runs one command and exits.
     *
     * @param arguments the command and its options
     */
    public static void main(String[] arguments) {
        if (arguments.length == 1 && (arguments[0].equals("--version") || arguments[0].equals("-V"))) {
            System.out.println(Version.line()); // without loading any other class
            return;
        }
        try {
            StandardOutput.watch();
            System.exit(StandardOutput.end(run(arguments)));
        } catch (OutOfMemoryError e) {
            System.err.println("error: the data does not fit the Java heap of "
                    + Machine.megabytes(Runtime.getRuntime().maxMemory())
                    + "; raise its limit, for example with LAMELLA_JAVA_OPTIONS=-Xmx16g");
            System.exit(2);
        }
    }

    /**
     * The command with all its subcommands, including those of other artifacts on the class path.
     *
     * @return a new one, not yet run
     */
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Lamella());
        ServiceLoader.load(CommandExtension.class).forEach(line::addSubcommand);
        line.addSubcommand(new CommandLine.HelpCommand());
        return line;
    }

    private static int run(String... arguments) {
        return configured().execute(arguments);
    }

    /** The command with its types and its handling of errors. */
    static CommandLine configured() {
        CommandLine line = commandLine();
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.registerConverter(Path.class, new PathArgument());
        line.setExecutionExceptionHandler(Lamella::fail);
        line.setParameterExceptionHandler((e, args) -> {
            if (e.getCause() instanceof InputException refused) { // thrown by a converter: the message is complete
                e.getCommandLine().getErr().println("error: " + oneLine(refused));
                return 2;
            }
            e.getCommandLine().getErr().println("error: " + oneLine(e).replaceFirst("\\.$", "") + suggestion(e, args));
            e.getCommandLine().getErr().println("  see lamella " + path(e.getCommandLine()) + "--help");
            return 2;
        });
        line.setExecutionStrategy(result -> {
            if (!result.hasSubcommand() && !result.isUsageHelpRequested() && !result.isVersionHelpRequested()) {
                result.commandSpec()
                        .commandLine()
                        .usage(result.commandSpec().commandLine().getErr());
                return 2;
            }
            return Lamella.run(result);
        });
        return line;
    }

    /** The files of the command are tested and prepared first. */
    @SuppressWarnings("try") // the places are only held
    private static int run(CommandLine.ParseResult result) {
        CommandLine.ParseResult last = result;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        boolean help = last.isUsageHelpRequested() || last.isVersionHelpRequested();
        if (help) {
            return new CommandLine.RunLast().execute(result);
        }
        Work.listen(new WorkLine(System.err));
        try (Places places = Places.prepare(last, RunFolder::files, RunFolder::readableFiles)) {
            return new CommandLine.RunLast().execute(result);
        } catch (InputException e) {
            last.commandSpec().commandLine().getErr().println("error: " + oneLine(e));
            return 2;
        }
    }

    /** The suggestion for an unknown command or option. */
    private static String suggestion(CommandLine.ParameterException e, String[] arguments) {
        Matcher ofHelp = UNKNOWN_COMMAND.matcher(String.valueOf(e.getMessage()));
        if (ofHelp.lookingAt()) {
            return Suggestion.didYouMean(
                    ofHelp.group(1), e.getCommandLine().getSubcommands().keySet());
        }
        if (!(e instanceof CommandLine.UnmatchedArgumentException unmatched)
                || unmatched.getUnmatched().isEmpty()) {
            return "";
        }
        String typed = unmatched.getUnmatched().get(0).replaceFirst("=.*", "");
        CommandLine line = e.getCommandLine();
        return typed.startsWith("-")
                ? Suggestion.didYouMean(
                        typed, line.getCommandSpec().optionsMap().keySet())
                : arguments.length > 0 && typed.equals(arguments[0])
                        ? Suggestion.didYouMean(typed, line.getSubcommands().keySet())
                        : "";
    }

    private static String path(CommandLine line) {
        return line.getParent() == null ? "" : line.getCommandName() + " ";
    }

    private static int fail(Exception e, CommandLine line, CommandLine.ParseResult result) {
        if (e instanceof ClosedPipeException) {
            return ClosedPipeException.EXIT_CODE;
        }
        if (e instanceof InvalidPathException path) {
            line.getErr().println("error: " + PathArgument.refusal(path));
            return 2;
        }
        if (e instanceof InputException
                || e instanceof OutOfMemoryException
                || e instanceof IllegalArgumentException
                || e instanceof NoSuchElementException) {
            line.getErr().println("error: " + oneLine(e));
            return 2;
        }
        if (e instanceof IOException io) {
            line.getErr().println("lamella failed: " + FileFailure.line(io) + FileFailure.REMEDY);
            return 1;
        }
        if (e instanceof UncheckedIOException
                && e.getCause() instanceof IOException cause
                && cause.toString().equals(e.getMessage())) {
            return fail(cause, line, result);
        }
        if (e instanceof LamellaException || e instanceof UncheckedIOException) {
            line.getErr().println("lamella failed: " + oneLine(e));
            return 1;
        }
        line.getErr().println("lamella failed: " + e);
        e.printStackTrace(line.getErr());
        return 1;
    }

    private static String oneLine(Throwable e) {
        String message = e instanceof LamellaException ours
                ? ours.message(Flags::of)
                : e instanceof UnusableDeviceException unusable
                        ? unusable.phrase().text(Flags::of)
                        : e.getMessage() == null ? e.toString() : e.getMessage();
        return Inputs.text(message).replaceAll("\\s*\\R\\s*", " ");
    }
}
