/** Options that several commands share, and parsers of their values. */
@NullMarked
package org.lamella.cli.option;

import org.jspecify.annotations.NullMarked;
