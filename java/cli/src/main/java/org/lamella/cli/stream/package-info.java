/** Standard input and output in place of files, and the tests that all files of a command pass before its work. */
@NullMarked
package org.lamella.cli.stream;

import org.jspecify.annotations.NullMarked;
