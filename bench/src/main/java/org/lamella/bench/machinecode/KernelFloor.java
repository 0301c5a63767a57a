package org.lamella.bench.machinecode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the machine code of a kernel must reach, a line of bench/cuda/floors.txt.
 *
 * @param kernel its name
 * @param percent least share of multiply-adds in its main loops
 * @param gated whether tests demand it; else the kernel does not reach it yet
 * @param wide most instructions of 64-bit index arithmetic in a main loop, for architectures with 64-bit addresses in
 *     one instruction
 * @param constant that a variant must have to be meant, alone or with its value; empty for every variant
 */
public record KernelFloor(String kernel, int percent, boolean gated, int wide, String constant) {

    private static final int UNIFIED = 70;

    /**
     * Reads a file of floors.
     *
     * @param file with a line per kernel; lines that begin with # are comments
     * @return in the file's order
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if a line is wrong
     */
    public static List<KernelFloor> read(Path file) throws IOException {
        List<KernelFloor> floors = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.strip().split("\\s+");
            if (words.length != 5
                    || !words[1].matches("\\d+")
                    || !words[2].matches("gated|not-yet")
                    || !words[3].matches("\\d+")) {
                throw new IllegalArgumentException(
                        file + ": expected kernel, percent, gated or not-yet, 64-bit instructions, constant: " + line);
            }
            floors.add(new KernelFloor(
                    words[0],
                    Integer.parseInt(words[1]),
                    words[2].equals("gated"),
                    Integer.parseInt(words[3]),
                    words[4].equals("-") ? "" : words[4]));
        }
        return floors;
    }

    /**
     * Whether this is about a kernel of a variant.
     *
     * @param variant a file and its options
     * @param code a kernel of it
     * @return true if it is
     */
    public boolean concerns(String variant, KernelCode code) {
        String option = "-D" + constant + (constant.contains("=") ? " " : "=");
        return code.name().equals(kernel) && (constant.isEmpty() || (variant + " ").contains(option));
    }

    /**
     * What a kernel does not reach.
     *
     * @param code its machine code
     * @param sm the number of its architecture
     * @return a text for each fault; none if it reaches everything
     */
    public List<String> faults(KernelCode code, int sm) {
        List<String> faults = new ArrayList<>();
        List<Loop> loops = code.multiplyLoops();
        if (loops.isEmpty()) {
            faults.add("no loop with multiply-adds");
        }
        if (code.spills()) {
            faults.add("registers are spilled");
        }
        for (Loop loop : loops) {
            Mix own = loop.own();
            if (100 * own.ffmaShare() < percent) {
                faults.add(String.format(
                        Locale.ROOT,
                        "%d of %d instructions are multiply-adds, %.1f %%",
                        own.count(Kind.FFMA),
                        own.instructions(),
                        100 * own.ffmaShare()));
            }
            if (own.divisions() > 0) {
                faults.add(own.divisions() + " integer divisions");
            }
            if (own.count(Kind.CALL) > 0) {
                faults.add(own.count(Kind.CALL) + " calls");
            }
            if (sm >= UNIFIED && own.wide() > wide) {
                faults.add(own.wide() + " instructions of 64-bit index arithmetic, at most " + wide + " are allowed");
            }
        }
        return faults;
    }
}
