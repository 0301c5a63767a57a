/** Java bindings of the native C interface, generated from {@code lamella.h} while the project is built. */
package org.lamella.cpu.bindings;
