/**
 * What Lamella says to people: texts that name settings without knowing how a program calls them, and findings. A
 * command line shows a setting as its flag, a Java program as its method.
 */
@NullMarked
package org.lamella.finding;

import org.jspecify.annotations.NullMarked;
