package org.lamella.cli.option;

import java.util.Iterator;
import org.lamella.data.Datasets;

/** The formats of data files, as help lists them. */
public final class DataFormats implements Iterable<String> {

    @Override
    public Iterator<String> iterator() {
        return Datasets.formats().iterator();
    }
}
