package org.lamella.selection;

/** How much a selection compares. */
public enum Effort {
    /** Three folds; candidates are compared on one of them. */
    QUICK(3, 1),
    /** Five folds; candidates are compared on two of them. */
    STANDARD(5, 2),
    /** Ten folds; candidates are compared on four of them. */
    THOROUGH(10, 4);

    private final int folds;
    private final int compared;

    Effort(int folds, int compared) {
        this.folds = folds;
        this.compared = compared;
    }

    /** {@return into how many folds the rows are divided: as many networks the result has} */
    public int folds() {
        return folds;
    }

    /** {@return on how many of these folds candidates are compared} */
    public int compared() {
        return compared;
    }
}
