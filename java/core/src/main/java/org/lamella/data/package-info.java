/**
 * Data in memory: the {@link Dataset} that all other packages use, the {@link Table} that readers make, and
 * {@link Datasets}, which reads files into datasets. Files, sequences, splits and batches have packages of their own.
 */
@NullMarked
package org.lamella.data;

import org.jspecify.annotations.NullMarked;
