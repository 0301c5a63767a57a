/** Readers of data files, encoders of sequences, splits, scaling, and the batches that a device is fed with. */
package org.lamella.data;
