/**
 * One table of operators: each with its definition in double precision, its cases at odd shapes, and the shapes that
 * are timed. Checks, tests, benchmarks and the list of supported operators read it.
 */
@NullMarked
package org.lamella.bench.operator;

import org.jspecify.annotations.NullMarked;
