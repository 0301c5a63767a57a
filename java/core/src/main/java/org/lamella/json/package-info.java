/** JSON, as all files of the engine have it. */
package org.lamella.json;
