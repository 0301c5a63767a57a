/** Trained models: files, predictions, learned features. */
@NullMarked
package org.lamella.model;

import org.jspecify.annotations.NullMarked;
