/** oneDNN, called primitive by primitive. */
package org.lamella.bench.peers.onednn;
