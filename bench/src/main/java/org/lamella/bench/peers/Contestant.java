package org.lamella.bench.peers;

/** One engine, ready to run a {@link PeerTask}. */
public interface Contestant extends AutoCloseable {

    /**
     * One training step.
     *
     * @return the loss before the update, the mean over samples and labels
     */
    double train();

    /** One inference step over the same batch: computes the probabilities of all labels and waits for them. */
    void infer();

    @Override
    void close();
}
