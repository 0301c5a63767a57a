/** {@code lamella bench} and its commands, one class each. The command line finds them where this module is there. */
@NullMarked
package org.lamella.bench.command;

import org.jspecify.annotations.NullMarked;
