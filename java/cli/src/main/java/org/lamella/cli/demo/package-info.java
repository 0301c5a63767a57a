/** The data of {@code lamella demo}: generated RNA with planted motifs, and real ribosomal RNA. */
@NullMarked
package org.lamella.cli.demo;

import org.jspecify.annotations.NullMarked;
