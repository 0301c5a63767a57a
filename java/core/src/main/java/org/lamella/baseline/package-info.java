/**
 * Simple methods that a network is compared with: logistic regression, converged and with its penalty chosen by
 * cross-validation, and ML-kNN.
 */
@NullMarked
package org.lamella.baseline;

import org.jspecify.annotations.NullMarked;
