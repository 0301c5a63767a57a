/** PyTorch, through its C++ interface. */
package org.lamella.bench.peers.pytorch;
