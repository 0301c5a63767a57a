/** Trained models: files, predictions, learned features. */
package org.lamella.model;
