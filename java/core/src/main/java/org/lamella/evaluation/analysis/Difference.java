package org.lamella.evaluation.analysis;

import org.lamella.evaluation.analysis.Bootstrap.Interval;

/**
 * A metric of one model minus that of another one. An undefined metric counts as 0.
 *
 * @param value on the samples, or the mean over the folds
 * @param interval 95 %
 * @param p two-sided, above 0; without correction for the number of tests, see {@link Holm}; NaN if it was not tested
 */
public record Difference(double value, Interval interval, double p) {}
