/**
 * The choice of scaling, network and regularisation: candidates are compared by their loss on rows that they did not
 * learn from, among the training rows only.
 */
@NullMarked
package org.lamella.selection;

import org.jspecify.annotations.NullMarked;
