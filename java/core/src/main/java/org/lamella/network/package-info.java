/** Networks: layers, the shapes between them, and the zoo of ready ones. */
@NullMarked
package org.lamella.network;

import org.jspecify.annotations.NullMarked;
