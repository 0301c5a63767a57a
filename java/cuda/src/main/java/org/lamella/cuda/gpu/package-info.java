/**
 * One GPU: its properties, streams, memory and libraries, and launches and graphs on it. Public to the other packages
 * of the backend; not API.
 */
@NullMarked
package org.lamella.cuda.gpu;

import org.jspecify.annotations.NullMarked;
