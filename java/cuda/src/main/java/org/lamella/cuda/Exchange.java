package org.lamella.cuda;

/** How the GPUs of a team add up what each of them has. */
interface Exchange extends AutoCloseable {

    /**
     * Work that replaces, on every member, an array by the sum of all members' arrays. It begins when the members' compute streams
     * have made them; {@link #finish} makes the compute streams wait for it.
     *
     * @param place     a number that no other sum of a step has; the same in all steps
     * @param addresses where each member has it
     * @param count     elements, 1 or more
     * @param doubles   doubles, else floats
     */
    Launch sum(int place, long[] addresses, long count, boolean doubles);

    /** Work that makes every compute stream wait for the sums so far. */
    Launch finish();

    /** One line for people: what the numbers go through. */
    String description();

    @Override
    void close();
}
