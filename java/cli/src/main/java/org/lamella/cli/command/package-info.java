/**
 * The commands, one class each. Shared options are in {@code option}, printed and written results in {@code report}.
 */
@NullMarked
package org.lamella.cli.command;

import org.jspecify.annotations.NullMarked;
