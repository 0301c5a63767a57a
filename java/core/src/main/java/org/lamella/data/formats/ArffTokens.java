package org.lamella.data.formats;

/**
 * The tokens of one line of ARFF, cut as Weka 3.9 cuts them: blanks, control characters and commas separate, any number
 * of them; {@code %} begins a comment; braces are tokens of their own; quotes of both kinds hold anything, with the
 * escapes of C. Source: the settings of {@code java.io.StreamTokenizer} that Weka's manual describes.
 */
final class ArffTokens {

    /** Kinds of tokens. */
    enum Kind {
        /** Text, quoted or not. */
        WORD,
        /** An opening brace. */
        OPEN,
        /** A closing brace. */
        CLOSE,
        /** The end of the line, or a comment up to there. */
        END
    }

    private String line = "";
    private int at;
    private int start;
    private String text = "";
    private boolean quoted;
    private boolean closed = true;

    /** Begins with a line. */
    void start(String newLine) {
        line = newLine;
        at = 0;
        closed = true;
    }

    /** The next token; after the last one always {@link Kind#END}. */
    Kind next() {
        while (at < line.length() && separates(line.charAt(at))) {
            at++;
        }
        start = at;
        quoted = false;
        if (at == line.length() || line.charAt(at) == '%') {
            at = line.length();
            text = "";
            return Kind.END;
        }
        char c = line.charAt(at);
        if (c == '{' || c == '}') {
            at++;
            text = String.valueOf(c);
            return c == '{' ? Kind.OPEN : Kind.CLOSE;
        }
        if (c == '\'' || c == '"') {
            quoted = true;
            text = quotedText(c);
            return Kind.WORD;
        }
        while (at < line.length() && !separates(line.charAt(at)) && !special(line.charAt(at))) {
            at++;
        }
        text = line.substring(start, at);
        return Kind.WORD;
    }

    /** The token's text: without quotes, escapes resolved. */
    String text() {
        return text;
    }

    /** The text after the token, to the end of the line. */
    String rest() {
        return line.substring(at);
    }

    /** Whether the token is in quotes. */
    boolean quoted() {
        return quoted;
    }

    /** Whether the token is {@code ?}, without quotes: a missing value. */
    boolean missing() {
        return !quoted && text.equals("?");
    }

    /** Whether all quotes up to here were closed. */
    boolean closed() {
        return closed;
    }

    /** Whether a character separates tokens. */
    static boolean separates(char c) {
        return c <= ' ' || c == ',';
    }

    /** Whether a character ends a word, and is no separator. */
    static boolean special(char c) {
        return c == '%' || c == '{' || c == '}' || c == '\'' || c == '"';
    }

    private String quotedText(char quote) {
        StringBuilder result = new StringBuilder();
        at++;
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (c == quote) {
                return result.toString();
            }
            result.append(c == '\\' && at < line.length() ? escaped() : c);
        }
        closed = false;
        return result.toString();
    }

    /** The character behind a backslash, or that of up to three octal digits, 377 at most. */
    private char escaped() {
        char c = line.charAt(at++);
        if (c >= '0' && c <= '7') {
            int code = c - '0';
            int most = c <= '3' ? 3 : 2;
            for (int digits = 1; digits < most && at < line.length(); digits++) {
                char next = line.charAt(at);
                if (next < '0' || next > '7') {
                    break;
                }
                code = 8 * code + next - '0';
                at++;
            }
            return (char) code;
        }
        return switch (c) {
            case 'a' -> '\u0007';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> '\u000B';
            default -> c;
        };
    }
}
