/** Other engines at the same work, each in a process of its own. */
package org.lamella.bench.peers;
