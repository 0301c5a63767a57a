package org.lamella.cli;

import picocli.CommandLine.Command;

/** {@code lamella bench}: measurements, each beside its limit. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "WHAT",
        description = "Measures this engine, and others beside it.",
        subcommands = {
            BenchKernels.class,
            BenchStep.class,
            BenchPeers.class,
            BenchScale.class,
            BenchSm37.class,
            BenchCheck.class,
            BenchCompare.class
        })
final class BenchCommand {}
