package org.lamella.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lamella.data.Dataset;
import org.lamella.data.FeatureColumn;
import org.lamella.data.InputException;
import org.lamella.data.formats.FastaRecords;
import org.lamella.data.sequences.Alphabet;
import org.lamella.data.sequences.SequenceEncoding;
import org.lamella.text.Wording;

/**
 * Real RNA with many labels: 16S ribosomal RNA of bacteria and archaea, in FASTA; each header ends with a tab and a
 * lineage ({@code Bacteria; Actinobacteria; ...}). Every taxon of the lineage is a label, so each row has six, from
 * domain to genus.
 */
public final class RibosomalRna {

    private static final String[] RANKS = {"domain", "phylum", "class", "order", "family", "genus"};

    private record Entry(String id, String sequence, Set<String> taxa) {}

    private RibosomalRna() {}

    /**
     * Reads a file.
     *
     * @param file FASTA, compressed if its name ends in {@code .gz}
     * @param leastPositives taxa with fewer sequences do not become labels
     * @param length positions of the one-hot encoding, 1 or more; longer sequences keep their start
     * @return one row per sequence
     * @throws InputException if the file cannot be used
     */
    public static Dataset read(Path file, int leastPositives, int length) {
        List<Entry> entries = new ArrayList<>();
        try {
            FastaRecords.read(file, (line, header, sequence) -> entries.add(entry(file, line, header, sequence)));
        } catch (IOException e) {
            throw new InputException(
                    file + (Files.exists(file) ? ": cannot be read: " + e.getMessage() : ": no such file"), e);
        }
        return dataset(
                file,
                entries,
                leastPositives,
                new SequenceEncoding(Alphabet.NUCLEOTIDE, length, SequenceEncoding.Crop.START));
    }

    private static Entry entry(Path file, long line, String header, String sequence) {
        String[] lineage = header.substring(header.lastIndexOf('\t') + 1).split(";");
        if (lineage.length != RANKS.length) {
            throw new InputException(
                    file.toString(),
                    line,
                    "'" + Wording.shorten(header) + "': expected a lineage of " + RANKS.length
                            + " taxa after the last tab");
        }
        Set<String> taxa = new LinkedHashSet<>();
        for (int r = 0; r < RANKS.length; r++) {
            taxa.add(RANKS[r] + ":" + lineage[r].strip());
        }
        return new Entry(header.split("\\s", 2)[0], sequence, taxa);
    }

    private static Dataset dataset(Path file, List<Entry> entries, int leastPositives, SequenceEncoding encoding) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        entries.forEach(e -> e.taxa.forEach(t -> counts.merge(t, 1, Integer::sum)));
        List<String> labels = counts.entrySet().stream()
                .filter(c -> c.getValue() >= leastPositives)
                .map(Map.Entry::getKey)
                .toList();
        float[][] features = new float[entries.size()][encoding.width()];
        byte[][] targets = new byte[entries.size()][labels.size()];
        int[] lengths = new int[entries.size()];
        for (int i = 0; i < features.length; i++) {
            Entry e = entries.get(i);
            try {
                encoding.encode(e.sequence, features[i], 0);
            } catch (IllegalArgumentException wrong) {
                throw new InputException(file + ": sequence " + e.id + ": " + wrong.getMessage(), wrong);
            }
            lengths[i] = e.sequence.length();
            for (int l = 0; l < labels.size(); l++) {
                targets[i][l] = (byte) (e.taxa.contains(labels.get(l)) ? 1 : 0);
            }
        }
        return new Dataset(
                file.toString(),
                List.of(new FeatureColumn(FeatureColumn.SEQUENCE, encoding)),
                labels,
                features,
                targets,
                entries.stream().map(Entry::id).toList(),
                lengths,
                null);
    }
}
