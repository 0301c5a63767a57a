package org.lamella.work;

/** Hears how far long work is. Calls come from the threads that work, several at a time where several threads do. */
public interface WorkListener {

    /** Ignores everything. */
    WorkListener NONE = new WorkListener() {
        @Override
        public void at(Work work) {}

        @Override
        public void ended(Work work) {}
    };

    /**
     * Some of the work is done. At most ten calls per second for one piece of work.
     *
     * @param work how far it is
     */
    void at(Work work);

    /**
     * The work has ended, with or without success.
     *
     * @param work how far it came
     */
    void ended(Work work);
}
