package org.lamella.data.splits;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamella.data.InputException;
import org.lamella.data.formats.TextFiles;
import org.lamella.data.table.NameIndex;
import org.lamella.text.Wording;

/**
 * Groups of rows that must stay in the same part of a split: test rows that are similar to training rows would make the
 * result too optimistic. Reads CD-HIT's {@code .clstr}, MMseqs2's cluster table (representative TAB member), or a table
 * of row names and group names, by tabs or commas. Names may be shortened as by these programs, see {@link NameIndex}.
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

    /**
     * The groups of some rows.
     *
     * @param groups the group of each row, from 0
     * @param rows row numbers, from 0
     * @return one number per row of {@code rows}, from 0 without gaps
     */
    public static int[] among(int[] groups, int[] rows) {
        Map<Integer, Integer> numbers = new HashMap<>();
        return Arrays.stream(rows)
                .map(r -> numbers.computeIfAbsent(groups[r], g -> numbers.size()))
                .toArray();
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
                add(groups, member.group(1), cluster, file, number);
            }
        }
        return groups;
    }

    /** The column that contains the name of every row is that of the rows; in MMseqs2's table it is the second. */
    private static Map<String, String> table(Path file, List<String> ids) throws IOException {
        List<String[]> pairs = new ArrayList<>();
        Set<String> second = new HashSet<>();
        List<Long> numbers = new ArrayList<>();
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
            numbers.add(number);
        }
        NameIndex members = new NameIndex(second);
        int row = ids.stream().noneMatch(id -> members.find(id).isEmpty()) ? 1 : 0;
        Map<String, String> groups = new HashMap<>();
        for (int i = 0; i < pairs.size(); i++) {
            add(groups, pairs.get(i)[row], pairs.get(i)[1 - row], file, numbers.get(i));
        }
        return groups;
    }

    private static void add(Map<String, String> groups, String name, String group, Path file, long line) {
        String before = groups.put(name, group);
        if (before != null && !before.equals(group)) {
            throw new InputException(
                    file.toString(),
                    line,
                    "'" + Wording.shorten(name) + "' is in two groups, '" + Wording.shorten(before) + "' and '"
                            + Wording.shorten(group) + "'; do two sequences have the same name? Give each its own");
        }
    }

    private static int[] number(Path file, Map<String, String> groups, List<String> ids) {
        Map<String, Integer> numbers = new HashMap<>();
        NameIndex index = new NameIndex(groups.keySet());
        List<String> missing =
                ids.stream().filter(id -> index.find(id).isEmpty()).toList();
        if (!missing.isEmpty()) {
            throw new InputException(file + ": " + missing.size() + " of " + ids.size() + " rows are in no "
                    + "group, for example '"
                    + Wording.shorten(missing.get(0)) + "' (cd-hit shortens names unless it runs with -d 0)");
        }
        return ids.stream()
                .mapToInt(id -> numbers.computeIfAbsent(group(file, groups, index.find(id), id), g -> numbers.size()))
                .toArray();
    }

    private static String group(Path file, Map<String, String> groups, List<String> names, String id) {
        List<String> found = names.stream().map(groups::get).distinct().toList();
        if (found.size() > 1) {
            throw new InputException(file + ": '" + Wording.shorten(id) + "' could be each of '"
                    + String.join("', '", names) + "', which are in different groups; write its name in full");
        }
        return found.get(0);
    }
}
