/** The command line. */
@NullMarked
package org.lamella.cli;

import org.jspecify.annotations.NullMarked;
