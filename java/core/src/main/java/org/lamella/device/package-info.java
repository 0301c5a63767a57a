/** Devices: how they are found and chosen, and how they fail. */
@NullMarked
package org.lamella.device;

import org.jspecify.annotations.NullMarked;
