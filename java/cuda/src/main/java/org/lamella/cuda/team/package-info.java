/**
 * Several GPUs that work on one network: communication between them, and launches on all at once. Public to the other
 * packages of the backend; not API.
 */
@NullMarked
package org.lamella.cuda.team;

import org.jspecify.annotations.NullMarked;
