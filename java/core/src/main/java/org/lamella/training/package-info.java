/** The trainer: epochs, schedules, sampling, checkpoints, cross-validation, and the report of a run. */
@NullMarked
package org.lamella.training;

import org.jspecify.annotations.NullMarked;
