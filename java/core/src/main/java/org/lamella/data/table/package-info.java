/** Tables as they are read from files: columns, what they are and why, before they become features and labels. */
@NullMarked
package org.lamella.data.table;

import org.jspecify.annotations.NullMarked;
