package org.lamella.data.table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.data.Schema;
import org.lamella.text.Wording;

/** A column of a table while the table is read: its name, its type, and the texts found so far. */
public final class Attribute {

    /** Types of columns. */
    public enum Type {
        /** Numbers. */
        NUMERIC,
        /** Texts from a declared list. */
        NOMINAL,
        /** Texts that are not declared, or numbers: decided by the values. */
        OPEN
    }

    /** Rows hold codes as floats, which are exact up to here. */
    private static final int MAX_TEXTS = 1 << 24;

    private final String name;
    private Type type;
    private @Nullable ColumnEvidence evidence;
    private @Nullable ColumnDecision decision;
    private final Map<String, Integer> codes = new LinkedHashMap<>();
    private final List<String> texts = new ArrayList<>();

    private Attribute(String name, Type type, List<String> declared) {
        this.name = name;
        this.type = type;
        declared.forEach(this::code);
    }

    /**
     * A column of numbers.
     *
     * @param name its name
     * @return the column
     */
    public static Attribute numeric(String name) {
        return new Attribute(name, Type.NUMERIC, List.of());
    }

    /**
     * A column of texts from a list.
     *
     * @param name its name
     * @param declared the texts, in the order of their codes
     * @return the column
     */
    public static Attribute nominal(String name, List<String> declared) {
        return new Attribute(name, Type.NOMINAL, declared);
    }

    /**
     * A column of any texts.
     *
     * @param name its name
     * @return the column
     */
    public static Attribute open(String name) {
        return new Attribute(name, Type.OPEN, List.of());
    }

    /**
     * A column of numbers as long as {@link #settle} says nothing else, whose cells are looked at.
     *
     * @param name its name
     * @param evidence what is found in its cells
     * @return the column
     */
    public static Attribute undecided(String name, ColumnEvidence evidence) {
        Attribute attribute = new Attribute(name, Type.NUMERIC, List.of());
        attribute.evidence = evidence;
        return attribute;
    }

    /** {@return the column's name} */
    public String name() {
        return name;
    }

    /**
     * The code of a text; a new text gets the next code.
     *
     * @param text as it is in the file
     * @return 0 or more
     * @throws InputException if there are more texts than a float can count
     */
    public int code(String text) {
        Integer code = codes.get(text);
        if (code == null) {
            code = texts.size();
            if (code > MAX_TEXTS) {
                throw new InputException("column '" + name + "' has more than " + MAX_TEXTS
                        + " different texts; use row numbers, or several files");
            }
            codes.put(text, code);
            texts.add(text);
        }
        return code;
    }

    /**
     * The code of a text that was found before.
     *
     * @param text as it is in the file
     * @return 0 or more; -1 for a new text
     */
    public int find(String text) {
        return codes.getOrDefault(text, -1);
    }

    /**
     * The text of a code.
     *
     * @param code what {@link #code} gave, as rows hold it
     * @return the text
     */
    public String text(float code) {
        return texts.get((int) code);
    }

    /** {@return all texts found so far, by code; not to be changed} */
    public List<String> texts() {
        return texts;
    }

    /** {@return the type} */
    public Type type() {
        return type;
    }

    /**
     * Decides on the type of a column that was undecided, once all cells are known.
     *
     * @param decided type and reason
     * @param known the texts of the column in the order of their codes; empty for numbers
     */
    public void settle(ColumnDecision decided, List<String> known) {
        decision = decided;
        codes.clear();
        texts.clear();
        type = decided.type() == Schema.Type.TEXT || !known.isEmpty() ? Type.OPEN : Type.NUMERIC;
        known.forEach(this::code);
    }

    /** {@return what is in all cells of the column; null if its file declares its type} */
    public @Nullable ColumnEvidence evidence() {
        return evidence;
    }

    /** {@return the decision on the type; null if the file declares it} */
    public @Nullable ColumnDecision decision() {
        return decision;
    }

    /** {@return whether rows hold codes of texts rather than numbers} */
    public boolean coded() {
        return type != Type.NUMERIC;
    }

    /** {@return numbers or texts} */
    public Schema.Type kind() {
        return coded() ? Schema.Type.TEXT : Schema.Type.NUMBER;
    }

    /** {@return whether every text found so far reads as a number} */
    public boolean holdsNumbersOnly() {
        for (String text : texts) {
            try {
                Float.parseFloat(text);
            } catch (NumberFormatException e) {
                return false;
            }
        }
        return true;
    }

    /**
     * A cell as text.
     *
     * @param value what a row holds; NaN where missing
     * @return the text, or the number's shortest decimal; empty where missing
     */
    public String cell(float value) {
        if (Float.isNaN(value)) {
            return "";
        }
        return coded() ? text(value) : Wording.number(value);
    }
}
