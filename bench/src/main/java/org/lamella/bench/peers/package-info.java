/** Other engines at the same work, each in a process of its own. */
@NullMarked
package org.lamella.bench.peers;

import org.jspecify.annotations.NullMarked;
