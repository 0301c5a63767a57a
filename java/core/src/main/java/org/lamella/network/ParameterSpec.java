package org.lamella.network;

/**
 * A learned array, or a running statistic, that a layer needs. A {@link Network} assigns its position.
 *
 * @param suffix name after the layer's name and a dot, for example {@code weight}
 * @param role its role in the layer
 * @param fanIn inputs of one output value, 1 or more
 * @param fanOut outputs of one input value, 1 or more
 * @param shape dimensions, outermost first
 */
public record ParameterSpec(String suffix, Parameter.Role role, int fanIn, int fanOut, int... shape) {}
