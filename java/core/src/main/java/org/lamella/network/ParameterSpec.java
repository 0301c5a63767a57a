package org.lamella.network;

/**
 * A learned array, or a running statistic, that a layer asks for. A {@link Network} gives it its place.
 *
 * @param suffix behind the layer's name and a dot, for example {@code weight}
 * @param role what it is
 * @param fanIn values that feed one output, 1 or more
 * @param fanOut outputs that one value feeds, 1 or more
 * @param shape dimensions, outermost first
 */
public record ParameterSpec(String suffix, Parameter.Role role, int fanIn, int fanOut, int... shape) {}
