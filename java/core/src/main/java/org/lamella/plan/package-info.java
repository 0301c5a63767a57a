/** Lowering of networks to plans: operators, fusion, stages, and the memory of every tensor. */
@NullMarked
package org.lamella.plan;

import org.jspecify.annotations.NullMarked;
