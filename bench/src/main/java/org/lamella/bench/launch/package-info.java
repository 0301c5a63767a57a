/** What the launches of a training step do on a GPU: counted on simulated GPUs, and their times by a model. */
@NullMarked
package org.lamella.bench.launch;

import org.jspecify.annotations.NullMarked;
