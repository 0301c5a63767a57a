package org.lamella.cli;

import java.util.Iterator;
import org.lamella.data.Datasets;

/** The formats of data files, as help lists them. */
final class DataFormats implements Iterable<String> {

    @Override
    public Iterator<String> iterator() {
        return Datasets.formats().iterator();
    }
}
