/** Long work, and a listener that hears how far it is. Nothing is printed here. */
@NullMarked
package org.lamella.work;

import org.jspecify.annotations.NullMarked;
