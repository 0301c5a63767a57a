package org.lamella.data.sequences;

/**
 * Six properties of RNA dinucleotides that Pse-in-One (Liu et al., Nucleic Acids Research 43, 2015) takes by default:
 * rise in angstrom, roll in degrees, shift and slide in angstrom, tilt and twist in degrees (Perez, Noy, Lankas, Luque
 * and Orozco, Nucleic Acids Research 32, 2004). Each is brought to mean 0 and standard deviation 1 over the 16
 * dinucleotides.
 */
final class RnaProperties {

    static final String[] NAMES = {"rise", "roll", "shift", "slide", "tilt", "twist"};

    /** By dinucleotide: AA, AC, AG, AU, CA, ... */
    private static final double[][] RAW = {
        {3.18, 3.24, 3.30, 3.24, 3.09, 3.32, 3.30, 3.30, 3.38, 3.22, 3.32, 3.24, 3.26, 3.38, 3.09, 3.18},
        {7.0, 4.8, 8.5, 7.1, 9.9, 8.7, 12.1, 8.5, 9.4, 6.1, 12.1, 4.8, 10.7, 9.4, 9.9, 7.0},
        {-0.08, 0.23, -0.04, -0.06, 0.11, -0.01, 0.30, -0.04, 0.07, 0.07, -0.01, 0.23, -0.02, 0.07, 0.11, -0.08},
        {-1.27, -1.43, -1.50, -1.36, -1.46, -1.78, -1.89, -1.50, -1.70, -1.39, -1.78, -1.43, -1.45, -1.70, -1.46, -1.27
        },
        {-0.8, 0.8, 0.5, 1.1, 1.0, 0.3, -0.1, 0.5, 1.3, 0.0, 0.3, 0.8, -0.2, 1.3, 1.0, -0.8},
        {31, 32, 30, 33, 31, 32, 27, 30, 32, 35, 32, 32, 32, 32, 31, 31}
    };

    private static final double[][] STANDARD = new double[RAW.length][];

    static {
        for (int p = 0; p < RAW.length; p++) {
            double mean = 0;
            double squares = 0;
            for (double v : RAW[p]) {
                mean += v / RAW[p].length;
            }
            for (double v : RAW[p]) {
                squares += (v - mean) * (v - mean) / RAW[p].length;
            }
            STANDARD[p] = new double[RAW[p].length];
            for (int d = 0; d < RAW[p].length; d++) {
                STANDARD[p][d] = (RAW[p][d] - mean) / Math.sqrt(squares);
            }
        }
    }

    private RnaProperties() {}

    static int count() {
        return RAW.length;
    }

    /** Property {@code p} of a dinucleotide, 4 times its first letter and its second. */
    static double of(int p, int dinucleotide) {
        return STANDARD[p][dinucleotide];
    }
}
