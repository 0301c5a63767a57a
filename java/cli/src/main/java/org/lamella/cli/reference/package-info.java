/** Writes docs/cli.md, the reference of all options, from the annotations that --help shows. */
@NullMarked
package org.lamella.cli.reference;

import org.jspecify.annotations.NullMarked;
