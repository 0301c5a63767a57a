/**
 * Messages: findings, and texts that refer to settings. The command line shows a setting as its flag, a Java program as
 * its method.
 */
@NullMarked
package org.lamella.finding;

import org.jspecify.annotations.NullMarked;
