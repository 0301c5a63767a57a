package org.lamella.plan;

/** The operands of an {@link Op}, by what they are to it. */
public enum Slot {
    X, Y, DX, DY, WEIGHT, BIAS, DWEIGHT, DBIAS, INDEX, PARTIAL, STATISTICS, RUNNING, AUXILIARY, MOMENT1, MOMENT2;

    /** True for operands that the operator writes. */
    public boolean written() {
        return switch (this) {
            case Y, DX, DWEIGHT, DBIAS, INDEX, PARTIAL, STATISTICS, AUXILIARY -> true;
            default -> false;
        };
    }
}
