/** Networks: layers with their shape rules and parameters, graphs of layers, and predefined networks. */
@NullMarked
package org.lamella.network;

import org.jspecify.annotations.NullMarked;
