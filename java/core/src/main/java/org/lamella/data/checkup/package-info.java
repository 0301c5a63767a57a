/** What is to be known of data before a network is trained on it: counts and findings, by labels, rows and columns. */
package org.lamella.data.checkup;
