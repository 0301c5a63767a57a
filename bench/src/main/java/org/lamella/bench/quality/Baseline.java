package org.lamella.bench.quality;

/** The models with which the network of a run is compared, in the order of tables. */
public enum Baseline {
    /** Each label's more frequent value. */
    MAJORITY("majority", "majority"),
    /** One logistic regression per label. */
    LINEAR("linear", "logistic regression"),
    /** The labels of the nearest training rows. */
    ML_KNN("ml_knn", "ML-kNN");

    private final String key;
    private final String title;

    Baseline(String key, String title) {
        this.key = key;
        this.title = title;
    }

    /** {@return the name in files} */
    public String key() {
        return key;
    }

    /** {@return the name in tables} */
    public String title() {
        return title;
    }
}
