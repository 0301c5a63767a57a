/**
 * The commands, one class each. Options that several share are in {@code option}, what they print in {@code report}.
 */
package org.lamella.cli.command;
