/**
 * Data in memory: the {@link Dataset} that all other packages use, and {@link Datasets}, which reads files into
 * datasets. Sequences and splits have packages of their own.
 */
@NullMarked
package org.lamella.data;

import org.jspecify.annotations.NullMarked;
