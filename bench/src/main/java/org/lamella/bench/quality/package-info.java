/** The quality of the default training command on real data sets, next to the baselines. */
@NullMarked
package org.lamella.bench.quality;

import org.jspecify.annotations.NullMarked;
