/** Whole steps on random data: how fast they go, and which operator takes how long. */
package org.lamella.bench.step;
