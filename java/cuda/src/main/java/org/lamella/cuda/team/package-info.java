/**
 * Several GPUs that work on one network: communication between them, launches on all at once. Public for the other
 * rooms of the backend, no API.
 */
package org.lamella.cuda.team;
