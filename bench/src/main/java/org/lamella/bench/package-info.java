/** Benchmarks and checks of devices. */
package org.lamella.bench;
