/** The data of {@code lamella demo}: generated RNA with planted motifs, and real ribosomal RNA. */
package org.lamella.cli.demo;
