package org.lamella.bench.command;

import org.lamella.cli.CommandExtension;
import picocli.CommandLine.Command;

/** {@code lamella bench}: measurements, each next to its limit. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "WHAT",
        description = "Measures this engine, and compares it with others.",
        subcommands = {
            KernelsCommand.class,
            StepCommand.class,
            PeersCommand.class,
            ScaleCommand.class,
            GpuModelCommand.class,
            GpuLaunchesCommand.class,
            CheckCommand.class,
            OperatorsCommand.class,
            QualityCommand.class,
            CompareCommand.class
        })
public final class BenchCommand implements CommandExtension {}
