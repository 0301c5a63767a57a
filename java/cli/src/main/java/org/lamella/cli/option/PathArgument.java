package org.lamella.cli.option;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.lamella.data.InputException;
import picocli.CommandLine.ITypeConverter;

/**
 * Paths among the arguments. Java reads and writes file names in the locale's character set, and loses the letters that
 * are not in it: under {@code LC_ALL=C} all but ASCII. The rest names another file, or none.
 */
public final class PathArgument implements ITypeConverter<Path> {

    private static final String ENCODING = System.getProperty("sun.jnu.encoding", StandardCharsets.UTF_8.name());
    private static final char LOST = '\uFFFD';

    @Override
    public Path convert(String text) {
        return of(text);
    }

    /**
     * The path of an argument.
     *
     * @param text the argument
     * @return the path
     * @throws InputException if letters of the argument, or of the current folder of a relative path, were lost
     */
    public static Path of(String text) {
        Path path;
        try {
            path = Path.of(text);
        } catch (InvalidPathException e) {
            throw new InputException(refusal(e), e);
        }
        String current = System.getProperty("user.dir");
        if (!path.isAbsolute() && !ENCODING.equals(StandardCharsets.UTF_8.name()) && current.indexOf(LOST) >= 0) {
            throw new InputException(path + ": cannot be searched in the current folder, " + current + remedy());
        }
        return path;
    }

    /**
     * Why there is no such path, and what to do.
     *
     * @param e the failure
     * @return one line
     */
    public static String refusal(InvalidPathException e) {
        return e.getInput().indexOf(LOST) < 0
                ? String.valueOf(e.getMessage())
                : e.getInput() + ": cannot be used as a path" + remedy();
    }

    private static String remedy() {
        return ": it has letters outside the locale's character set, " + ENCODING
                + "; set LC_ALL=C.UTF-8, or another UTF-8 locale, and try again";
    }
}
