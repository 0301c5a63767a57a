/** Metrics and decision rules. */
@NullMarked
package org.lamella.evaluation;

import org.jspecify.annotations.NullMarked;
