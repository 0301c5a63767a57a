package org.lamella.data.table;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds a name in a list that may write it in another way. Programs shorten the header of a sequence: to its part
 * before the first blank (CD-HIT), to the accession of {@code sp|P12345|NAME} (MMseqs2), or a reader took bits off its
 * beginning; an image may be named without its ending.
 */
public final class NameIndex {

    /** Databases whose names are {@code database|accession|...}, by the codes of UniProt and NCBI. */
    private static final Pattern ACCESSION = Pattern.compile(
            "(?:sp|tr|gb|emb|dbj|ref|pir|prf|pdb|lcl|tpg|tpe|tpd|gi\\|\\d+\\|[a-z]+)\\|([^|\\s]+)(?:\\|.*)?");

    private static final Pattern BITS = Pattern.compile("[01]+[|\\s]+(.+)");

    /** The ending of an image's file, which may be left out. */
    private static final String IMAGE = ".png";

    private final Set<String> names;
    private final Map<String, Set<String>> byForm = new LinkedHashMap<>();

    /**
     * An index of some names.
     *
     * @param names any names; copied
     */
    public NameIndex(Collection<String> names) {
        this.names = new LinkedHashSet<>(names);
        for (String name : this.names) {
            for (String form : forms(name)) {
                byForm.computeIfAbsent(form, f -> new LinkedHashSet<>()).add(name);
            }
        }
    }

    /**
     * The names that mean the same as a name.
     *
     * @param name as another file writes it
     * @return the name itself, or a shorter form of it, if the index has it; else all names that have a form in common
     */
    public List<String> find(String name) {
        Set<String> forms = forms(name);
        for (String form : forms) {
            if (names.contains(form)) {
                return List.of(form);
            }
        }
        Set<String> found = new LinkedHashSet<>();
        forms.forEach(f -> found.addAll(byForm.getOrDefault(f, Set.of())));
        return List.copyOf(found);
    }

    /** A name, and the shorter forms in which programs write it, the longest first. */
    private static Set<String> forms(String name) {
        Set<String> forms = new LinkedHashSet<>();
        add(forms, name.strip());
        Matcher bits = BITS.matcher(name.strip());
        if (bits.matches()) {
            add(forms, bits.group(1).strip());
        }
        return forms;
    }

    private static void add(Set<String> forms, String name) {
        String first = name.split("\\s+", 2)[0];
        forms.add(name);
        forms.add(first);
        if (name.toLowerCase(Locale.ROOT).endsWith(IMAGE)) {
            forms.add(name.substring(0, name.length() - IMAGE.length()));
        }
        Matcher accession = ACCESSION.matcher(first);
        if (accession.matches()) {
            forms.add(accession.group(1));
        }
    }
}
