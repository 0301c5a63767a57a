/** The parent of the engine's exceptions. Everything else is in the packages below. */
@NullMarked
package org.lamella;

import org.jspecify.annotations.NullMarked;
