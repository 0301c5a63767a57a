/** Deeplearning4j: its layers, and SameDiff, its graphs. */
package org.lamella.bench.peers.deeplearning4j;
