package org.lamella.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

    private final String name;
    private @Nullable Type type;
    private final Map<String, Integer> codes = new LinkedHashMap<>();
    private final List<String> texts = new ArrayList<>();

    private Attribute(String name, @Nullable Type type, List<String> declared) {
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
     * A column whose first known value decides on its type, see {@link #decide}.
     *
     * @param name its name
     * @return the column
     */
    public static Attribute undecided(String name) {
        return new Attribute(name, null, List.of());
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
     */
    public int code(String text) {
        Integer code = codes.get(text);
        if (code == null) {
            code = texts.size();
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

    /** {@return the type; numeric as long as nothing is known} */
    public Type type() {
        return type == null ? Type.NUMERIC : type;
    }

    /**
     * Decides on a type if none was decided on.
     *
     * @param wanted the type of the value that was met
     * @return whether this is the column's type now
     */
    public boolean decide(Type wanted) {
        if (type == null) {
            type = wanted;
        }
        return type == wanted;
    }

    /** {@return whether rows hold codes of texts rather than numbers} */
    public boolean coded() {
        return type() != Type.NUMERIC;
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
