/** MXNet: symbolic and imperative. */
package org.lamella.bench.peers.mxnet;
