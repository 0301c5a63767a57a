package org.lamella.cuda.gpu;

/** Work that is ready to be put on a stream, as often as one likes. */
public interface Launch extends AutoCloseable {

    /** Puts it on its stream; returns before it is done. */
    void run();

    @Override
    default void close() {}
}
