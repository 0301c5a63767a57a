/** Trained models: files, predictions, values of layers. */
@NullMarked
package org.lamella.model;

import org.jspecify.annotations.NullMarked;
