/**
 * What backends implement: devices, their programs and weights. The engine and its backends use it, programs use
 * {@link org.lamella.device}.
 */
@NullMarked
package org.lamella.backend;

import org.jspecify.annotations.NullMarked;
