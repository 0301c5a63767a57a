/** The JSON of all files that the engine writes and reads. */
@NullMarked
package org.lamella.json;

import org.jspecify.annotations.NullMarked;
