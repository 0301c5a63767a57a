/** Metrics, baselines, decision rules and the diagnosis of a network. */
package org.lamella.evaluation;
