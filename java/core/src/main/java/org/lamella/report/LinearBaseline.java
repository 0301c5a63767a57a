package org.lamella.report;

import org.jspecify.annotations.Nullable;
import org.lamella.baseline.LinearFit;
import org.lamella.model.Model;

/**
 * The logistic regression of a run.
 *
 * @param model as it is saved next to the network
 * @param fit how it was fitted; null for a model of an earlier version
 */
public record LinearBaseline(Model model, @Nullable LinearFit fit) {}
