/** The way of rows into a network: scaling, input format, and batches filled ahead of the device. */
package org.lamella.data.batches;
