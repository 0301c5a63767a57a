/** What a backend is: devices, weights, compiled programs and their steps. */
package org.lamella.device;
