/** Completion of commands, options and values in shells. */
@NullMarked
package org.lamella.cli.completion;

import org.jspecify.annotations.NullMarked;
