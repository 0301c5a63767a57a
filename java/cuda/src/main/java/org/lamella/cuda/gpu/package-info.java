/**
 * One GPU: what it is, its streams, memory and libraries, launches and graphs on it. Public for the other rooms of the
 * backend, no API.
 */
package org.lamella.cuda.gpu;
