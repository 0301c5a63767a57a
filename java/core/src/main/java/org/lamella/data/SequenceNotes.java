package org.lamella.data;

import java.util.Arrays;
import org.lamella.data.sequences.Alphabet;
import org.lamella.data.sequences.EncodingOptions;
import org.lamella.data.sequences.LetterCensus;
import org.lamella.data.sequences.SequenceEncoding;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;

/** Decides the alphabet of a table's sequences, and notes what its letters are. */
final class SequenceNotes {

    private SequenceNotes() {}

    /** The options with the alphabet of the sequences; unchanged if it is given, or there are no sequences. */
    static EncodingOptions resolve(Table table, EncodingOptions options) {
        if (table.sequence() < 0 || options.alphabet() != null) {
            return options;
        }
        try {
            return options.withAlphabet(census(table, table.sequence()).alphabet());
        } catch (InputException e) {
            throw new InputException(Phrase.format("%s: %s", table.source(), e.phrase()), e);
        }
    }

    private static LetterCensus census(Table table, int column) {
        LetterCensus census = new LetterCensus();
        for (int r = 0; r < table.size(); r++) {
            census.add(table.attribute(column).cell(table.row(r)[column]));
        }
        return census;
    }

    /** Notes the letters of each column of sequences. */
    static void write(Table table, ColumnRoles roles, boolean guessed, Reading reading) {
        for (int c = 0; c < roles.features().size(); c++) {
            SequenceEncoding encoding = roles.features().get(c).sequence();
            int at = roles.places().get(c);
            if (encoding == null || at < 0) {
                continue;
            }
            LetterCensus census = census(table, at);
            reading.note(Phrase.format("%s: %s", table.source(), census.text(encoding, guessed)));
            if (!guessed && census.contradicts(encoding.alphabet())) {
                reading.note(contradiction(table.source(), encoding.alphabet()));
            }
        }
    }

    private static Phrase contradiction(String source, Alphabet expected) {
        boolean proteins = expected == Alphabet.PROTEIN;
        return Phrase.format(
                "%s: warning: its letters look like those of %s, and they are read as %s; check %s",
                source, proteins ? "nucleotides" : "proteins", proteins ? "proteins" : "nucleotides", Setting.ALPHABET);
    }

    /** Notes sequences that are longer than the input; records that were left out are not counted. */
    static Dataset cuts(Dataset data, Reading reading) {
        int[] lengths = data.lengths();
        for (FeatureColumn column : data.columns()) {
            SequenceEncoding encoding = column.sequence();
            if (lengths == null || encoding == null || !encoding.keepsPositions()) {
                continue;
            }
            long cut = Arrays.stream(lengths).filter(n -> n > encoding.length()).count();
            if (cut > 0) {
                reading.cut(Phrase.format(
                        "%s: sequences that are cut to %,d positions: %,d of %,d; the longest has %,d letters; %s is "
                                + "%s, and a larger %s of training keeps more",
                        data.source(),
                        encoding.length(),
                        cut,
                        data.size(),
                        Arrays.stream(lengths).max().orElse(0),
                        Setting.CROP,
                        encoding.crop().text(),
                        Setting.LENGTH));
            }
        }
        return data;
    }
}
