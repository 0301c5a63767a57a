package org.lamella.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import org.lamella.cpu.Machine;
import org.lamella.data.InputException;
import org.lamella.device.DeviceException;
import org.lamella.device.OutOfMemoryException;
import org.lamella.model.FileFailure;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code lamella} command. Exit codes: 0 done, 1 a failure of ours, 2 input or arguments that cannot be used. */
@Command(
        name = "lamella",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Trains and runs multi-label convolutional networks.",
        subcommands = {
            Demo.class,
            Train.class,
            Evaluate.class,
            Predict.class,
            Features.class,
            Inspect.class,
            Pack.class,
            Compare.class,
            DevicesCommand.class,
            BenchCommand.class,
            AutoComplete.GenerateCompletion.class
        },
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:a failure of Lamella itself", "2:input or arguments that cannot be used"},
        footer = {
            "",
            "In a source tree: ./lamella test runs all tests, ./lamella bundle makes an archive that runs without "
                    + "Java. Missing build tools are installed with sudo after a question, or with --yes without one.",
            "Shell completion: source <(${sys:lamella.command:-./lamella} generate-completion)"
        })
public final class Lamella {

    private Lamella() {}

    /** Runs one command. */
    public static void main(String[] arguments) {
        if (arguments.length == 1 && (arguments[0].equals("--version") || arguments[0].equals("-V"))) {
            System.out.println(Version.line()); // at once, without loading anything else
            return;
        }
        try {
            System.exit(run(arguments));
        } catch (OutOfMemoryError e) {
            System.err.println("error: the data does not fit the Java heap of "
                    + Machine.megabytes(Runtime.getRuntime().maxMemory())
                    + "; give it more, for example LAMELLA_JAVA_OPTIONS=-Xmx16g");
            System.exit(2);
        }
    }

    /** How this program is called here: by the launcher of a source checkout, or of a bundle, which says so. */
    static String command() {
        return System.getProperty("lamella.command", "./lamella");
    }

    static int run(String... arguments) {
        CommandLine line = new CommandLine(new Lamella());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.registerConverter(Path.class, new PathArgument());
        line.setExecutionExceptionHandler(Lamella::fail);
        line.setParameterExceptionHandler((e, args) -> {
            if (e.getCause() instanceof InputException refused) { // of a converter: it says all there is to say
                e.getCommandLine().getErr().println("error: " + oneLine(refused));
                return 2;
            }
            e.getCommandLine().getErr().println("error: " + oneLine(e));
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
            return new CommandLine.RunLast().execute(result);
        });
        return line.execute(arguments);
    }

    private static String path(CommandLine line) {
        return line.getParent() == null ? "" : line.getCommandName() + " ";
    }

    private static int fail(Exception e, CommandLine line, CommandLine.ParseResult result) {
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
        if (e instanceof UncheckedIOException io
                && io.getMessage().equals(io.getCause().toString())) {
            return fail(io.getCause(), line, result);
        }
        if (e instanceof DeviceException || e instanceof UncheckedIOException) {
            line.getErr().println("lamella failed: " + oneLine(e));
            return 1;
        }
        line.getErr().println("lamella failed: " + e);
        e.printStackTrace(line.getErr());
        return 1;
    }

    private static String oneLine(Throwable e) {
        String message = e instanceof InputException refused
                ? Flags.text(refused)
                : e.getMessage() == null ? e.toString() : e.getMessage();
        return message.replaceAll("\\s*\\R\\s*", " ");
    }
}
