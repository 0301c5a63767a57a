/** The command line. */
package org.lamella.cli;
