package org.usageledger.api.http;

/** Hears what becomes of answers after they have begun, when their status says nothing of it any more. Called by their threads: it must return at once. */
public interface StreamObserver {
    /** Does nothing. */
    StreamObserver NONE = new StreamObserver() {
        @Override
        public void refused(ProblemType why) {}

        @Override
        public void cutShort(Cut why) {}
    };

    /** The last that a stream said is why it cannot go on. */
    void refused(ProblemType why);

    /** A body was not written to its end. */
    void cutShort(Cut why);

    /** Why a body was not written to its end. */
    enum Cut {
        /** Its reader closed the connection: for a stream without an end the usual end. */
        HUNG_UP("hung-up"),
        /** Its reader took nothing for too long. */
        STALLED("stalled"),
        STOPPING("stopping"),
        /** What was to be written could not be had. */
        FAULT("fault");

        private final String label;

        Cut(String label) {
            this.label = label;
        }

        /** As it is counted. */
        public String label() {
            return label;
        }
    }
}
