package org.lamella.data.splits;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamella.data.InputException;
import org.lamella.data.Wording;
import org.lamella.data.formats.TextFiles;

/**
 * Groups of rows that must stay in the same part of a split: test rows that are similar to training rows would make the
 * result too optimistic. Reads CD-HIT's {@code .clstr}, MMseqs2's cluster table (representative TAB member), or a table
 * of row names and group names, by tabs or commas.
 */
public final class Groups {

    private static final Pattern MEMBER = Pattern.compile(">(.+?)\\.\\.\\.(\\s|$)");

    private Groups() {}

    /**
     * The group of each row, numbered from 0 in the order of the rows.
     *
     * @param file clusters or a table; a name that ends in {@code .clstr} is CD-HIT's
     * @param ids names of the rows
     * @return one number per row
     * @throws InputException if the file cannot be read, or a row is in no group
     */
    public static int[] read(Path file, List<String> ids) {
        try {
            boolean clusters =
                    file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".clstr");
            return number(file, clusters ? clusters(file) : table(file, ids), ids);
        } catch (IOException e) {
            throw new InputException(
                    file + (Files.exists(file) ? ": cannot be read: " + e.getMessage() : ": no such file"), e);
        }
    }

    /**
     * The number of groups.
     *
     * @param groups the group of each row, from 0
     * @return 0 without rows
     */
    public static int count(int[] groups) {
        int most = -1;
        for (int g : groups) {
            most = Math.max(most, g);
        }
        return most + 1;
    }

    private static Map<String, String> clusters(Path file) throws IOException {
        Map<String, String> groups = new HashMap<>();
        String cluster = null;
        long number = 0;
        for (String line : TextFiles.lines(file)) {
            number++;
            if (line.startsWith(">")) {
                cluster = line.substring(1).strip();
            } else if (!line.isBlank()) {
                Matcher member = MEMBER.matcher(line);
                if (cluster == null || !member.find()) {
                    throw new InputException(
                            file.toString(),
                            number,
                            "expected '>Cluster N', or a member such as '0 120aa, >name... *'; found '"
                                    + Wording.shorten(line) + "'");
                }
                groups.put(member.group(1), cluster);
            }
        }
        return groups;
    }

    /** The column that contains the name of every row is that of the rows; in MMseqs2's table it is the second. */
    private static Map<String, String> table(Path file, List<String> ids) throws IOException {
        List<String[]> pairs = new ArrayList<>();
        Set<String> second = new HashSet<>();
        long number = 0;
        for (String line : TextFiles.lines(file)) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            String[] parts = line.split(line.indexOf('\t') >= 0 ? "\t" : ",", -1);
            if (parts.length != 2) {
                throw new InputException(
                        file.toString(),
                        number,
                        "expected two columns, the names of a row and of its group, separated by a tab or a "
                                + "comma; found "
                                + parts.length);
            }
            pairs.add(new String[] {parts[0].strip(), parts[1].strip()});
            second.add(parts[1].strip());
        }
        int row = second.containsAll(ids) ? 1 : 0;
        Map<String, String> groups = new HashMap<>();
        pairs.forEach(p -> groups.put(p[row], p[1 - row]));
        return groups;
    }

    private static int[] number(Path file, Map<String, String> groups, List<String> ids) {
        Map<String, Integer> numbers = new HashMap<>();
        List<String> missing =
                ids.stream().filter(id -> !groups.containsKey(id)).toList();
        if (!missing.isEmpty()) {
            throw new InputException(file + ": " + missing.size() + " of " + ids.size() + " rows are in no "
                    + "group, for example '"
                    + Wording.shorten(missing.get(0)) + "' (cd-hit shortens names unless it runs with -d 0)");
        }
        return ids.stream()
                .mapToInt(id -> numbers.computeIfAbsent(groups.get(id), g -> numbers.size()))
                .toArray();
    }
}
