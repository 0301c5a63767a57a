package org.lamella.data;

import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;

/**
 * A record of a data file that cannot be used: a sequence or a row.
 *
 * @param file where it is
 * @param line its first line, from 1
 * @param name its identifier
 * @param reason why it cannot be used
 */
public record BadRecord(String file, long line, String name, String reason) {

    InputException refused() {
        return new InputException(Phrase.format(
                "%s:%d: %s; correct it, or leave out such records with %s skip",
                file, line, reason, Setting.ON_BAD_RECORD));
    }

    /**
     * The record of a refusal.
     *
     * @param file where it is
     * @param line its first line, from 1
     * @param name its identifier
     * @param refused says why; the reason is its message without the place
     * @return the record
     */
    public static BadRecord of(String file, long line, String name, InputException refused) {
        String message = String.valueOf(refused.getMessage());
        String place = file + ":" + line + ": ";
        return new BadRecord(file, line, name, message.startsWith(place) ? message.substring(place.length()) : message);
    }
}
