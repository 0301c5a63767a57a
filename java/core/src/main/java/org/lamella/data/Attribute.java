package org.lamella.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A column of a table while it is read: its name, its type, and the texts met so far. */
final class Attribute {

    enum Type {
        /** Numbers. */
        NUMERIC,
        /** Texts from a declared list. */
        NOMINAL,
        /** Texts, or numbers, not declared: the values decide. */
        OPEN
    }

    final String name;
    private Type type;
    private final Map<String, Integer> codes = new LinkedHashMap<>();
    private final List<String> texts = new ArrayList<>();

    /** {@code type} null: the first value decides. */
    Attribute(String name, Type type, List<String> declared) {
        this.name = name;
        this.type = type;
        declared.forEach(this::code);
    }

    /** The code of a text; new texts get the next code. */
    final int code(String text) {
        Integer code = codes.get(text);
        if (code == null) {
            code = texts.size();
            codes.put(text, code);
            texts.add(text);
        }
        return code;
    }

    /** The code of a text that was met, or -1. */
    int find(String text) {
        return codes.getOrDefault(text, -1);
    }

    String text(int code) {
        return texts.get(code);
    }

    List<String> texts() {
        return texts;
    }

    /** The type; numeric as long as nothing is known. */
    Type type() {
        return type == null ? Type.NUMERIC : type;
    }

    /** Decides on a type if none was; false if there is another. */
    boolean decide(Type t) {
        if (type == null) {
            type = t;
        }
        return type == t;
    }

    boolean coded() {
        return type() != Type.NUMERIC;
    }
}
