/** Writes docs/cli.md, the reference of all options, from the annotations that --help shows. */
package org.lamella.cli.reference;
