package org.lamella.data;

import java.util.ArrayList;
import java.util.List;
import org.lamella.finding.Phrase;

/**
 * How files are read, and what should be known about it afterwards: what was decided, and which records were left out.
 * One object may serve several files of a run.
 */
public final class Reading {

    /** What happens to a record that cannot be used. */
    public enum OnBadRecord {
        /** The whole file is refused; the message names the record. */
        ERROR,
        /** The record is left out and listed. */
        SKIP
    }

    private final OnBadRecord onBadRecord;
    private final List<Phrase> notes = new ArrayList<>();
    private final List<Phrase> cuts = new ArrayList<>();
    private final List<BadRecord> skipped = new ArrayList<>();

    /**
     * For files that have not been read yet.
     *
     * @param onBadRecord what happens to a record that cannot be used
     */
    public Reading(OnBadRecord onBadRecord) {
        this.onBadRecord = onBadRecord;
    }

    /** {@return a reading that refuses files with a bad record} */
    public static Reading strict() {
        return new Reading(OnBadRecord.ERROR);
    }

    /** {@return what was decided while reading, one line per note} */
    public List<Phrase> notes() {
        return List.copyOf(notes);
    }

    /** {@return which files have sequences that are longer than the input, one line per file} */
    public List<Phrase> cuts() {
        return List.copyOf(cuts);
    }

    /** {@return the records that were left out, in the order of the files} */
    public List<BadRecord> skipped() {
        return List.copyOf(skipped);
    }

    void note(Phrase note) {
        notes.add(note);
    }

    void cut(Phrase cut) {
        cuts.add(cut);
    }

    /**
     * Leaves out a record, or refuses the file.
     *
     * @throws InputException if bad records are errors
     */
    void bad(BadRecord record) {
        if (onBadRecord == OnBadRecord.ERROR) {
            throw record.refused();
        }
        skipped.add(record);
    }
}
