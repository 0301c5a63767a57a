/** Metrics, baselines, decision rules and the diagnosis of a network. */
@NullMarked
package org.lamella.evaluation;

import org.jspecify.annotations.NullMarked;
