/** The interface of backends: devices, weights, compiled programs and their steps. */
@NullMarked
package org.lamella.device;

import org.jspecify.annotations.NullMarked;
