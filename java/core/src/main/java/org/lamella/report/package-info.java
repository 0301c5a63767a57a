/** What reports of a run show: metrics next to baselines, costs of layers, filters. */
@NullMarked
package org.lamella.report;

import org.jspecify.annotations.NullMarked;
