package org.lamella.cuda.gpu;

/** Work that can be put on a stream any number of times. */
public interface Launch extends AutoCloseable {

    /** Puts it on its stream; returns before it is done. */
    void run();

    @Override
    default void close() {}
}
