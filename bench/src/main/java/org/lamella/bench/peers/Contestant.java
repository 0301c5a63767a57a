package org.lamella.bench.peers;

/** One engine, ready to do a {@link PeerTask}. */
public interface Contestant extends AutoCloseable {

    /**
     * One training step.
     *
     * @return the loss before the update, the mean over samples and labels
     */
    double train();

    /** One inference step over the same batch: probabilities of all labels, computed to the end. */
    void infer();

    @Override
    void close();
}
