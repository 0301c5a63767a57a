/** A network lowered to operators: fused, cut into stages, with a place in memory for every tensor. */
@NullMarked
package org.lamella.plan;

import org.jspecify.annotations.NullMarked;
