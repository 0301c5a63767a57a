package org.lamella.cli.command;

import java.util.concurrent.Callable;
import org.lamella.cli.completion.CompletionScript;
import org.lamella.cli.stream.StandardOutput;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lamella completion}. */
@Command(
        name = "completion",
        aliases = "generate-completion",
        mixinStandardHelpOptions = true,
        description = "Prints the script that completes commands, options, their values, files and layers at the TAB "
                + "key, for bash and zsh: source <(lamella completion), for example in ~/.bashrc.")
public final class CompletionCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        StandardOutput.print(CompletionScript.of(spec.root().commandLine()).stripTrailing());
        return 0;
    }
}
