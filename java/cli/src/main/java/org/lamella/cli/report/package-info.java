/** Output of the commands for users and for programs: tables, JSON, the report page, the comparison of runs. */
@NullMarked
package org.lamella.cli.report;

import org.jspecify.annotations.NullMarked;
