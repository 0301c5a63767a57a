package org.lamella.data.rows;

import java.util.AbstractList;

/** The names 1, 2, 3 ... of rows without names, made on demand. */
public final class RowNumbers extends AbstractList<String> {

    private final int count;

    /**
     * Names for some rows.
     *
     * @param count how many, 0 or more
     */
    public RowNumbers(int count) {
        this.count = count;
    }

    @Override
    public String get(int row) {
        if (row < 0 || row >= count) {
            throw new IndexOutOfBoundsException("row " + row + " of " + count);
        }
        return Integer.toString(row + 1);
    }

    @Override
    public int size() {
        return count;
    }
}
