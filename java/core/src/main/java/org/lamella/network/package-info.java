/** Networks: layers, the shapes between them, and the zoo of ready ones. */
package org.lamella.network;
