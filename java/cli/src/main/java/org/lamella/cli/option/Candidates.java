package org.lamella.cli.option;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.lamella.data.sequences.SequenceEncoding;
import org.lamella.device.Kernels;
import org.lamella.evaluation.DecisionGoal;
import org.lamella.network.Zoo;
import org.lamella.selection.Effort;
import org.lamella.training.Sampling;

/** Values of options whose type does not list them, for the completion of shells. */
public final class Candidates {

    private Candidates() {}

    private abstract static class Words implements Iterable<String> {
        private final List<String> words;

        Words(Stream<String> words) {
            this.words = words.toList();
        }

        @Override
        public Iterator<String> iterator() {
            return words.iterator();
        }
    }

    private static Stream<String> names(Enum<?>[] values) {
        return Arrays.stream(values).map(v -> v.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    /** Networks of the zoo. */
    public static final class Networks extends Words {
        /** For picocli. */
        public Networks() {
            super(Zoo.NAMES.stream());
        }
    }

    /** Devices, without the numbers of GPUs. */
    public static final class DeviceNames extends Words {
        /** For picocli. */
        public DeviceNames() {
            super(Stream.of("auto", "cpu", "cuda"));
        }
    }

    /** Makers of kernels, for all passes. */
    public static final class KernelMakers extends Words {
        /** For picocli. */
        public KernelMakers() {
            super(names(Kernels.Maker.values()));
        }
    }

    /** Losses, with their usual parameters. */
    public static final class Losses extends Words {
        /** For picocli. */
        public Losses() {
            super(Stream.of("bce", "focal", "asymmetric"));
        }
    }

    /** Weights of positives, but for files. */
    public static final class PositiveWeightNames extends Words {
        /** For picocli. */
        public PositiveWeightNames() {
            super(Stream.of("none", "auto"));
        }
    }

    /** Rows of an epoch. */
    public static final class Samplings extends Words {
        /** For picocli. */
        public Samplings() {
            super(names(Sampling.values()));
        }
    }

    /** Decision rules. */
    public static final class Decisions extends Words {
        /** For picocli. */
        public Decisions() {
            super(Stream.of("fixed", "cardinality", "pcut", "per-label", "scut", "mcut", "top-1"));
        }
    }

    /** What decisions are to be good at. */
    public static final class Goals extends Words {
        /** For picocli. */
        public Goals() {
            super(Arrays.stream(DecisionGoal.values()).map(DecisionGoal::text));
        }
    }

    /** How much is compared. */
    public static final class Efforts extends Words {
        /** For picocli. */
        public Efforts() {
            super(Stream.concat(Stream.of(SelectionOptions.NONE), names(Effort.values())));
        }
    }

    /** The loss and all metrics. */
    public static final class MetricWords extends Words {
        /** For picocli. */
        public MetricWords() {
            super(MetricNames.all().stream());
        }
    }

    /** Encodings of sequences. */
    public static final class Encodings extends Words {
        /** For picocli. */
        public Encodings() {
            super(Arrays.stream(SequenceEncoding.Method.values()).map(SequenceEncoding.Method::text));
        }
    }

    /** Alphabets of sequences. */
    public static final class Alphabets extends Words {
        /** For picocli. */
        public Alphabets() {
            super(Stream.of("auto", "nucleotide", "dna", "rna", "protein"));
        }
    }

    /** The word among separators of labels. */
    public static final class Separators extends Words {
        /** For picocli. */
        public Separators() {
            super(Stream.of("none"));
        }
    }
}
