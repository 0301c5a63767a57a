/** A network lowered to operators: fused, cut into stages, with a place in memory for every tensor. */
package org.lamella.plan;
