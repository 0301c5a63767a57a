/** Kernels one by one, checked and then timed by JMH. */
package org.lamella.bench.kernels;
