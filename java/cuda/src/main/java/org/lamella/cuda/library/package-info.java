/**
 * NVIDIA's libraries: where they are, which ones are loaded, which versions do not fit together, and the results of
 * their calls. Public to the other packages of the backend; not API.
 */
@NullMarked
package org.lamella.cuda.library;

import org.jspecify.annotations.NullMarked;
