/** Words of messages. */
@NullMarked
package org.lamella.text;

import org.jspecify.annotations.NullMarked;
