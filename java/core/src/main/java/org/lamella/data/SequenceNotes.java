package org.lamella.data;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.lamella.data.sequences.Alphabet;
import org.lamella.data.sequences.EncodingOptions;
import org.lamella.data.sequences.SequenceEncoding;
import org.lamella.data.table.LetterCensus;
import org.lamella.data.table.Table;
import org.lamella.finding.Finding;
import org.lamella.finding.Finding.Code;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;
import org.lamella.text.Wording;

/** Decides the alphabet of a table's sequences, and notes what its letters are. Counts the letters once. */
final class SequenceNotes {

    private final Table table;
    private final Map<Integer, LetterCensus> counted = new HashMap<>();

    SequenceNotes(Table table) {
        this.table = table;
    }

    /** The options with the alphabet of the sequences; unchanged if it is given, or there are no sequences. */
    EncodingOptions resolve(EncodingOptions options) {
        if (table.sequence() < 0 || options.alphabet() != null) {
            return options;
        }
        try {
            return options.withAlphabet(census(table.sequence()).alphabet());
        } catch (InputException e) {
            throw new InputException(Phrase.format("%s: %s", table.source(), e.phrase()), e);
        }
    }

    private LetterCensus census(int column) {
        return counted.computeIfAbsent(column, c -> {
            LetterCensus census = new LetterCensus();
            for (int r = 0; r < table.size(); r++) {
                census.add(table.attribute(c).cell(table.row(r)[c]));
            }
            return census;
        });
    }

    /** Notes the letters of each column of sequences in the table. */
    void write(ColumnRoles roles, boolean guessed) {
        for (int c = 0; c < roles.features().size(); c++) {
            SequenceEncoding encoding = roles.features().get(c).sequence();
            int at = roles.places().get(c);
            if (encoding == null || at < 0) {
                continue;
            }
            LetterCensus census = census(at);
            table.note(new Finding(
                    census.isRna() ? Code.RNA_LETTERS : Code.SEQUENCE_LETTERS,
                    Phrase.format("%s: %s", table.source(), census.text(encoding, guessed))));
            if (!guessed && census.contradicts(encoding.alphabet())) {
                table.note(contradiction(encoding.alphabet()));
            }
        }
    }

    private Finding contradiction(Alphabet expected) {
        boolean proteins = expected == Alphabet.PROTEIN;
        return new Finding(
                Code.OTHER_ALPHABET,
                Phrase.of(table.source() + ": its letters look like those of "
                        + (proteins
                                ? "nucleotides, and they are read as proteins"
                                : "proteins, and they are read as nucleotides")),
                Phrase.format("check %s", Setting.ALPHABET));
    }

    /** Adds a finding about sequences that are longer than the input; records that were left out are not counted. */
    static Dataset cuts(Dataset data) {
        Dataset result = data;
        int[] lengths = data.lengths();
        for (FeatureColumn column : data.columns()) {
            SequenceEncoding encoding = column.sequence();
            if (lengths == null || encoding == null || !encoding.keepsPositions()) {
                continue;
            }
            long cut = Arrays.stream(lengths).filter(n -> n > encoding.length()).count();
            if (cut > 0) {
                result = result.with(new Finding(
                        Code.CUT_SEQUENCES,
                        Phrase.format(
                                "%s: sequences that are cut to %s: %,d of %,d; the longest has %s",
                                data.source(),
                                Wording.count(encoding.length(), "position"),
                                cut,
                                data.size(),
                                Wording.count(Arrays.stream(lengths).max().orElse(0), "letter")),
                        Phrase.format(
                                "%s is %s, and a larger %s of training keeps more",
                                Setting.CROP, encoding.crop().text(), Setting.LENGTH)));
            }
        }
        return result;
    }
}
