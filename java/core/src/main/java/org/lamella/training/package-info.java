/** The trainer: epochs, schedules, sampling, checkpoints, cross-validation. */
@NullMarked
package org.lamella.training;

import org.jspecify.annotations.NullMarked;
