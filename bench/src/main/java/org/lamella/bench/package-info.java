/** Benchmarks and checks of devices. */
@NullMarked
package org.lamella.bench;

import org.jspecify.annotations.NullMarked;
