/**
 * Data in memory: the {@link Dataset} that all else works on, the {@link Table} that readers make, and
 * {@link Datasets}, which turns the one into the other. Files, sequences, splits and batches have packages of their
 * own.
 */
@NullMarked
package org.lamella.data;

import org.jspecify.annotations.NullMarked;
