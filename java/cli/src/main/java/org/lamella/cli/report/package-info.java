/** The report page of a run, and the comparison of two. */
package org.lamella.cli.report;
