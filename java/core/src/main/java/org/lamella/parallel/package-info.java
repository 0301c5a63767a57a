/** Independent computations on several threads of the host. */
@NullMarked
package org.lamella.parallel;

import org.jspecify.annotations.NullMarked;
