/** What is to be known of data before a network is trained on it: counts and findings, by labels, rows and columns. */
@NullMarked
package org.lamella.data.checkup;

import org.jspecify.annotations.NullMarked;
