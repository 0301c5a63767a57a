/** What commands print and write for people and for programs: tables, JSON, the report page, the comparison of runs. */
package org.lamella.cli.report;
