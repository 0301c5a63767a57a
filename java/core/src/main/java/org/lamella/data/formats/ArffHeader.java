package org.lamella.data.formats;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.data.table.Attribute;
import org.lamella.text.Wording;

/** The header of an ARFF file: its relation, its attributes, and where the rows begin. */
final class ArffHeader {

    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,9}");

    private final String file;
    private final ArffTokens tokens;
    private final List<Attribute> attributes = new ArrayList<>();
    private long line;
    private int declaredLabels;

    ArffHeader(String file, ArffTokens tokens) {
        this.file = file;
        this.tokens = tokens;
    }

    /** The attributes read so far; the list grows. */
    List<Attribute> attributes() {
        return attributes;
    }

    /** The number of labels in the relation line (MEKA); 0 without. */
    int declaredLabels() {
        return declaredLabels;
    }

    /**
     * Reads a line.
     *
     * @return null before the line {@code @data}; for that line, the text that follows the keyword, which Weka takes as
     *     the first row
     */
    @Nullable
    String accept(String text, long number) {
        line = number;
        tokens.start(text);
        if (tokens.next() == ArffTokens.Kind.END) {
            return null;
        }
        switch (tokens.text().toLowerCase(Locale.ROOT)) {
            case "@relation" -> {
                String rest = tokens.rest();
                tokens.next();
                checkQuotes();
                // Without quotes the name ends at a blank for Weka; people write MEKA's options there, too.
                MekaRelation.labels(tokens.quoted() ? tokens.text() : rest).ifPresent(this::declareLabels);
            }
            case "@attribute" -> attribute();
            case "@data" -> {
                if (attributes.isEmpty()) {
                    throw refused("@data without any @attribute before it");
                }
                return tokens.rest();
            }
            default ->
                throw refused("expected @relation, @attribute or @data, found '" + Wording.shorten(text.strip()) + "'");
        }
        return null;
    }

    private void declareLabels(String count) {
        if (!NUMBER.matcher(count).matches() || Integer.parseInt(count) == 0) {
            throw refused("-C in the name of the relation (MEKA) needs the number of labels, above 0 for the first "
                    + "columns, below 0 for the last; found '" + Wording.shorten(count) + "'");
        }
        declaredLabels = Integer.parseInt(count);
    }

    private void attribute() {
        if (tokens.next() != ArffTokens.Kind.WORD) {
            throw refused("an @attribute needs a name and a type");
        }
        String name = tokens.text();
        checkQuotes();
        ArffTokens.Kind type = tokens.next();
        if (name.isEmpty() || type == ArffTokens.Kind.END || type == ArffTokens.Kind.CLOSE) {
            throw refused("an @attribute needs a name and a type");
        }
        if (type == ArffTokens.Kind.OPEN) {
            attributes.add(Attribute.nominal(name, values(name)));
        } else {
            attributes.add(ofType(name, tokens.text().toLowerCase(Locale.ROOT)));
        }
        ArffTokens.Kind after = tokens.next();
        boolean range = after == ArffTokens.Kind.WORD
                && !tokens.quoted()
                && tokens.text().startsWith("[");
        if (range && attributes.get(attributes.size() - 1).type() == Attribute.Type.NUMERIC) {
            return; // such as [0, 10], which other programs write; Weka ignores it
        }
        if (after == ArffTokens.Kind.OPEN) {
            weight(name);
        } else if (after != ArffTokens.Kind.END) {
            throw refused("'" + Wording.shorten(tokens.text()) + "' after the type of '" + name
                    + "': only a comment, which begins with %, may follow there");
        }
    }

    /** The weight of an attribute in braces. */
    private void weight(String name) {
        String weight = tokens.next() == ArffTokens.Kind.WORD ? tokens.text() : "";
        boolean whole = tokens.next() == ArffTokens.Kind.CLOSE && tokens.next() == ArffTokens.Kind.END;
        if (!whole || !weight.matches("1(\\.0*)?")) {
            throw refused("attribute '" + name + "' has the weight {" + Wording.shorten(weight)
                    + "}; weights of attributes are not supported: remove it");
        }
    }

    private List<String> values(String name) {
        List<String> values = new ArrayList<>();
        for (ArffTokens.Kind k = tokens.next(); k != ArffTokens.Kind.CLOSE; k = tokens.next()) {
            checkQuotes();
            if (k != ArffTokens.Kind.WORD) {
                throw refused("the list of values of '" + name + "' has no closing }");
            }
            if (values.contains(tokens.text())) {
                throw refused("'" + name + "' has the value '" + Wording.shorten(tokens.text()) + "' twice");
            }
            values.add(tokens.text());
        }
        if (values.isEmpty()) {
            throw refused("the list of values of '" + name + "' is empty");
        }
        return values;
    }

    private Attribute ofType(String name, String type) {
        return switch (type) {
            case "numeric", "real", "integer" -> Attribute.numeric(name);
            case "relational", "date" ->
                throw refused("attribute '" + name + "' is of type " + type
                        + ", which has no numeric meaning here; remove the column or turn it into numbers");
            default -> {
                if (!type.matches("[a-z_]+")) {
                    throw refused("'" + Wording.shorten(type) + "' in place of the type of '" + name
                            + "'; types are numeric, string, or a list of values in braces");
                }
                yield Attribute.open(name);
            }
        };
    }

    private void checkQuotes() {
        if (!tokens.closed()) {
            throw refused("a quote has no closing quote");
        }
    }

    private InputException refused(String message) {
        return new InputException(file, line, message);
    }
}
