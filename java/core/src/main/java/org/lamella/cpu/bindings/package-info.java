/** Java bindings of the native C interface, generated from {@code lamella.h} during the build. */
package org.lamella.cpu.bindings;
