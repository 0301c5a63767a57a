/** {@code lamella bench} and its commands, one class each. The command line finds them where this module is there. */
package org.lamella.bench.command;
