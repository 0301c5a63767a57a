/** The trainer: epochs, optimizers, schedules, checkpoints, cross-validation. */
package org.lamella.training;
