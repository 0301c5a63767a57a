/**
 * NVIDIA's libraries: where they lie, which are loaded, what does not fit together, and what their calls answer. Public
 * for the other rooms of the backend, no API.
 */
package org.lamella.cuda.library;
