/** Options that several commands share, and the reading of their values. */
package org.lamella.cli.option;
