/** JSON, as all files of the engine have it. */
@NullMarked
package org.lamella.json;

import org.jspecify.annotations.NullMarked;
