/** What a training step minimizes, the loss, and the rule by which it changes the parameters. */
@NullMarked
package org.lamella.optimization;

import org.jspecify.annotations.NullMarked;
