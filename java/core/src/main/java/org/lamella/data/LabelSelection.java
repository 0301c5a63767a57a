package org.lamella.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.lamella.data.rows.SimilarLabels;
import org.lamella.data.table.Attribute;
import org.lamella.data.table.Table;
import org.lamella.finding.Finding;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;
import org.lamella.text.Wording;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Which columns are labels. */
public final class LabelSelection {

    private final int count;
    private final @Nullable List<String> names;

    private LabelSelection(int count, @Nullable List<String> names) {
        this.count = count;
        this.names = names;
    }

    /**
     * The last columns.
     *
     * @param n how many, 1 or more
     * @return the selection
     * @throws IllegalArgumentException if it is below 1
     */
    public static LabelSelection last(int n) {
        return new LabelSelection(-positive(n), null);
    }

    /**
     * The first columns.
     *
     * @param n how many, 1 or more
     * @return the selection
     * @throws IllegalArgumentException if it is below 1
     */
    public static LabelSelection first(int n) {
        return new LabelSelection(positive(n), null);
    }

    /**
     * Columns by their names.
     *
     * @param names in the order of the labels
     * @return the selection
     */
    public static LabelSelection named(List<String> names) {
        return new LabelSelection(0, List.copyOf(names));
    }

    /** {@return the labels that the file itself declares, such as MEKA's {@code -C n} in the relation line} */
    public static LabelSelection declared() {
        return new LabelSelection(0, null);
    }

    /**
     * The labels of a Mulan XML file ({@code <labels><label name="..."/></labels>}), nested ones included.
     *
     * @param path the XML file
     * @return the selection
     * @throws InputException if the file cannot be read or names no label
     * @throws IllegalStateException if the JDK's XML parser lacks secure processing
     */
    public static LabelSelection xml(Path path) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            Document document = builder.parse(path.toFile());
            NodeList nodes = document.getElementsByTagName("label");
            Set<String> names = new LinkedHashSet<>();
            for (int i = 0; i < nodes.getLength(); i++) {
                names.add(((Element) nodes.item(i)).getAttribute("name"));
            }
            if (names.isEmpty() || names.contains("")) {
                throw new InputException(path + ": no <label name=\"...\"> in it");
            }
            return named(new ArrayList<>(names));
        } catch (SAXException e) {
            throw new InputException(path + ": not a label file: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new InputException(path + (Files.exists(path) ? ": " + e.getMessage() : ": no such file"), e);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK's XML parser lacks secure processing", e);
        }
    }

    /** Whether the file declares the labels. */
    boolean isDeclared() {
        return count == 0 && names == null;
    }

    /** Column numbers of the labels. */
    List<Integer> columns(Table table) {
        List<Integer> columns = new ArrayList<>();
        if (names != null) {
            requireColumns(table, names);
            names.forEach(name -> columns.add(table.column(name)));
            return columns;
        }
        int n = count == 0 ? table.declaredLabels() : count;
        int all = table.attributes().size();
        if (n == 0) {
            throw new InputException(
                    table.identifier() >= 0 && !isSeparated(table)
                            ? noLabels(table)
                            : Phrase.format(
                                    "%s: which columns are labels? Give %s N (the last N), %s N or %s FILE",
                                    table.source(), Setting.LAST_LABELS, Setting.FIRST_LABELS, Setting.LABELS_XML));
        }
        if (table.isSparse() && n != table.declaredLabels()) {
            throw new InputException(Phrase.format(
                    "%s: the file itself says which labels its rows have, %s in all; leave out %s",
                    table.source(),
                    Math.abs(table.declaredLabels()),
                    n > 0 ? Setting.FIRST_LABELS : Setting.LAST_LABELS));
        }
        if (Math.abs(n) >= all) {
            throw new InputException(table.source() + ": " + Wording.count(Math.abs(n), "label")
                    + (count == 0 ? " declared by the file, which has " : " requested, but the file has ")
                    + Wording.count(all, "column") + ", and at least one must be a feature"
                    + (all == 1 && isSeparated(table) ? "; are its cells separated by one of , ; | or tabs?" : ""));
        }
        if (table.declaredLabels() != 0 && n != table.declaredLabels()) {
            table.note(new Finding(
                    Finding.Code.LABELS_OVERRULED,
                    Phrase.format(
                            "%s: the file declares its %s %s as labels (-C %d), and %s %d is used instead: declared "
                                    + "labels that are not among them become features",
                            table.source(),
                            table.declaredLabels() > 0 ? "first" : "last",
                            Wording.count(Math.abs(table.declaredLabels()), "column"),
                            table.declaredLabels(),
                            n > 0 ? Setting.FIRST_LABELS : Setting.LAST_LABELS,
                            Math.abs(n)),
                    Phrase.format(
                            "leave out %s to use the declared ones",
                            n > 0 ? Setting.FIRST_LABELS : Setting.LAST_LABELS)));
        }
        for (int i = 0; i < Math.abs(n); i++) {
            columns.add(n > 0 ? i : all + n + i);
        }
        return columns;
    }

    /** Whether its columns, or some, are those of a text file without types, where any column may be a label. */
    private static boolean isSeparated(Table table) {
        return table.sequence() < 0 && table.attributes().stream().anyMatch(a -> a.evidence() != null);
    }

    private static Phrase noLabels(Table table) {
        return table.sequence() < 0
                ? Phrase.format("%s: no labels; give %s FILE", table.source(), Setting.LABEL_FILE)
                : table.attributes().size() > 2
                        ? Phrase.format(
                                "%s: which columns are labels? Give %s NAME if one lists them, %s N if the last N"
                                        + " columns have 0 and 1, or %s FILE",
                                table.source(), Setting.LABEL_COLUMN, Setting.LAST_LABELS, Setting.LABEL_FILE)
                        : Phrase.format(
                                "%s: no labels; give %s if the headers begin with one bit per label, or %s "
                                        + "FILE, or a folder with one FASTA file per label",
                                table.source(), Setting.HEADER_BITS, Setting.LABEL_FILE);
    }

    /**
     * Checks that a table has labels that a model can be compared with.
     *
     * @throws InputException if it has none, or not all columns; the message says what to do
     */
    static void requireLabels(Table table, List<String> labels) {
        boolean none = labels.stream().noneMatch(l -> table.column(l) >= 0);
        if (none && table.declaredLabels() == 0 && table.identifier() >= 0 && !isSeparated(table)) {
            throw new InputException(noLabels(table));
        }
        if (!table.hasAllLabels()) {
            requireColumns(table, labels);
        }
    }

    private static void requireColumns(Table table, List<String> labels) {
        List<String> missing = labels.stream().filter(l -> table.column(l) < 0).toList();
        if (missing.isEmpty()) {
            return;
        }
        List<String> others = table.attributes().stream().map(Attribute::name).toList();
        String first = missing.get(0);
        String like = SimilarLabels.like(first, others)
                .map(l -> "; is '" + l + "' meant? Then rename it")
                .orElse("; add a column of 0 and 1 of this name (? where it is not known)");
        throw new InputException(table.source() + ": no column for the label '" + first + "'"
                + (missing.size() == labels.size() && labels.size() > 1
                        ? ", and none for " + Wording.count(labels.size() - 1L, "other label")
                                + ": is this a file without labels? "
                                + "They are needed to measure a model, not to predict"
                        : missing.size() > 1 ? ", and " + (missing.size() - 1) + " more of " + labels.size() : "")
                + like);
    }

    private static int positive(int n) {
        if (n < 1) {
            throw new IllegalArgumentException("the number of labels must be 1 or more, got " + n);
        }
        return n;
    }
}
