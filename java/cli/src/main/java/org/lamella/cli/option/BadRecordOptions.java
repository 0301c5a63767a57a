package org.lamella.cli.option;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamella.cli.stream.Inputs;
import org.lamella.cli.stream.Output;
import org.lamella.data.BadRecord;
import org.lamella.data.InputException;
import org.lamella.data.Reading;
import org.lamella.data.Reading.OnBadRecord;
import org.lamella.data.formats.DataKind;
import org.lamella.file.AtomicFiles;
import org.lamella.text.Wording;
import picocli.CommandLine.Option;

/** What happens to records that cannot be used, and where those that are left out are listed. */
public final class BadRecordOptions implements OptionGroup {

    /** Name of the list in the folder of a run. */
    public static final String LIST = "skipped.csv";

    @Option(
            names = "--on-bad-record",
            paramLabel = "error|skip",
            description = "A sequence or row that cannot be used, such as a peptide with digits: error refuses the "
                    + "file; skip leaves the record out, counts it and lists it (default: error).")
    private @Nullable OnBadRecord onBadRecord;

    @Output(value = Output.Kind.FILE, remedy = "the result goes there; name a file")
    @Option(
            names = "--skipped",
            paramLabel = "FILE",
            description = "With --on-bad-record skip: CSV file for the list of what was left out (default: "
                    + "skipped.csv in the folder of train --out, else the name of --out with .skipped.csv).")
    private @Nullable Path list;

    private boolean skips() {
        return onBadRecord == OnBadRecord.SKIP;
    }

    /**
     * Starts reading.
     *
     * @param file the data file
     * @param usual where the list goes without --skipped; null if it must be given
     * @return for all files of the command
     * @throws InputException if an option has no effect, or there is no place for the list
     */
    public Reading reading(Path file, @Nullable Path usual) {
        if (DataKind.of(file) == DataKind.PACKED) {
            NoEffect.refuse(
                    onBadRecord,
                    "--on-bad-record",
                    file + " is a packed file, which has no records that cannot be used");
        }
        if (!skips()) {
            NoEffect.refuse(list, "--skipped", "nothing is left out without --on-bad-record skip");
            return Reading.strict();
        }
        if (list == null && usual == null) {
            throw new InputException("--on-bad-record skip needs --skipped FILE, for the list of what is left out");
        }
        return new Reading(OnBadRecord.SKIP);
    }

    /**
     * Refuses both options.
     *
     * @param why a clause
     * @throws InputException if one of them was given
     */
    public void requireNone(String why) {
        NoEffect.refuseAll(this, why);
    }

    /**
     * Lists what was left out, and says how much.
     *
     * @param reading after all files were read
     * @param log receives lines
     * @param usual where the list goes without --skipped
     * @throws IOException if the list cannot be written
     */
    public void report(Reading reading, PrintStream log, @Nullable Path usual) throws IOException {
        Path to = list == null ? usual : list;
        if (!skips() || to == null) {
            return;
        }
        List<BadRecord> skipped = reading.skipped();
        AtomicFiles.replace(to, file -> write(file, skipped));
        if (skipped.isEmpty()) {
            log.printf("records skipped: 0 (%s)%n", to);
        } else {
            BadRecord first = skipped.get(0);
            log.printf(
                    "records skipped: %,d, listed in %s; the first is '%s' (%s:%d): %s%n",
                    skipped.size(),
                    to,
                    Wording.shorten(first.name()),
                    Inputs.text(first.file()),
                    first.line(),
                    first.reason());
        }
    }

    private static void write(Path file, List<BadRecord> skipped) throws IOException {
        try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(file)) {
            csv.writeRecord("file", "line", "id", "reason");
            for (BadRecord r : skipped) {
                csv.writeRecord(Inputs.text(r.file()), Long.toString(r.line()), r.name(), r.reason());
            }
        }
    }

    @Override
    public String title() {
        return "Bad records";
    }
}
