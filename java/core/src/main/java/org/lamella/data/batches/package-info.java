/** From rows to the input of a network: scaling, input format, and batches filled ahead of the device. */
@NullMarked
package org.lamella.data.batches;

import org.jspecify.annotations.NullMarked;
