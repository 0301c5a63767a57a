package org.lamella.cli.option;

import java.util.ListResourceBundle;
import org.lamella.data.Datasets;

/** The formats of data files, as descriptions show them: {@code ${bundle:formats}} in a command with this bundle. */
public final class DataFormats extends ListResourceBundle {

    /** Its name, for {@code @Command(resourceBundle = ...)}. */
    public static final String BUNDLE = "org.lamella.cli.option.DataFormats";

    @Override
    protected Object[][] getContents() {
        return new Object[][] {{"formats", Datasets.formatSummary()}};
    }
}
