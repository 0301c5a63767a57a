package org.lamella.cuda.operator;

import java.util.Arrays;
import org.lamella.plan.Op;
import org.lamella.plan.Plan;
import org.lamella.plan.UpdateWork;

/**
 * Which parameters weight decay applies to: a bit for each one, in the order of the flat arrays, lowest first. The
 * update of all parameters reads it (update.cu).
 */
final class DecayBits {

    private DecayBits() {}

    /** Bytes of the bits; 0 if all parameters decay, or none. */
    static long bytes(Plan plan) {
        return (long) of(plan).length * Integer.BYTES;
    }

    /** The bits in words of 32; empty if all parameters decay, or none. */
    static int[] of(Plan plan) {
        for (Op op : plan.ops()) {
            if (op.work() instanceof UpdateWork work && work.mixed()) {
                return of(work);
            }
        }
        return new int[0];
    }

    private static int[] of(UpdateWork work) {
        int[] words = new int[Math.toIntExact((work.parameters() + Integer.SIZE - 1) / Integer.SIZE)];
        long at = 0;
        for (UpdateWork.Run run : work.runs()) {
            if (run.decays()) {
                set(words, at, at + run.parameters());
            }
            at += run.parameters();
        }
        return words;
    }

    /** Sets the bits from {@code first} to below {@code end}, 1 or more. */
    private static void set(int[] words, long first, long end) {
        int from = (int) (first / Integer.SIZE);
        int to = (int) ((end - 1) / Integer.SIZE);
        int head = -1 << (int) (first % Integer.SIZE);
        int tail = -1 >>> (int) (Integer.SIZE - 1 - (end - 1) % Integer.SIZE);
        if (from == to) {
            words[from] |= head & tail;
        } else {
            words[from] |= head;
            Arrays.fill(words, from + 1, to, -1);
            words[to] |= tail;
        }
    }
}
