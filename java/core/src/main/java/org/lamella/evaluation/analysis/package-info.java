/** What is computed from predictions in addition to metrics: intervals, curves, baselines, findings, thresholds. */
@NullMarked
package org.lamella.evaluation.analysis;

import org.jspecify.annotations.NullMarked;
