package org.lamella.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How files are read: what happens to bad records, and what is declared about columns; and which records were left out.
 * One object may serve several files of a run. What was guessed about a file is among the findings of its dataset.
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
    private final @Nullable Schema schema;
    private final List<BadRecord> skipped;

    /**
     * For files that have not been read yet.
     *
     * @param onBadRecord what happens to a record that cannot be used
     */
    public Reading(OnBadRecord onBadRecord) {
        this(onBadRecord, null, new ArrayList<>());
    }

    private Reading(OnBadRecord onBadRecord, @Nullable Schema schema, List<BadRecord> skipped) {
        this.onBadRecord = onBadRecord;
        this.schema = schema;
        this.skipped = skipped;
    }

    /**
     * The same reading with declared types and roles of columns.
     *
     * @param declared what columns are; null to decide on all of them by their values
     * @return a reading whose bad records are also those of this one
     */
    public Reading of(@Nullable Schema declared) {
        return new Reading(onBadRecord, declared, skipped);
    }

    /** {@return what is declared about columns; null to decide by their values} */
    public @Nullable Schema schema() {
        return schema;
    }

    /** {@return a reading that refuses files with a bad record} */
    public static Reading strict() {
        return new Reading(OnBadRecord.ERROR);
    }

    /** {@return the records that were left out, in the order of the files} */
    public List<BadRecord> skipped() {
        return List.copyOf(skipped);
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
