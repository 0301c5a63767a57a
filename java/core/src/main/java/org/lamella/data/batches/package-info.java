/** From rows to the input of a network: batches filled ahead of the device, and inference over them. */
@NullMarked
package org.lamella.data.batches;

import org.jspecify.annotations.NullMarked;
