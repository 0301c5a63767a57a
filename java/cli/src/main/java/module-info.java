import org.lamella.cli.CommandExtension;

/** The {@code lamella} command. It has no API. */
@SuppressWarnings({"module", "requires-automatic"}) // picocli and others; see docs/java.md
module org.lamella.cli {
    requires com.fasterxml.jackson.databind;
    requires de.siegmar.fastcsv;
    requires info.picocli;
    requires me.tongfei.progressbar;
    requires org.lamella.core;

    exports org.lamella.cli to
            org.lamella.bench.command;
    exports org.lamella.cli.option to
            org.lamella.bench.command;
    exports org.lamella.cli.reference to
            org.lamella.bench.command;
    exports org.lamella.cli.report to
            org.lamella.bench.command;

    opens org.lamella.cli to
            info.picocli;
    opens org.lamella.cli.command to
            info.picocli;
    opens org.lamella.cli.option to
            info.picocli;
    opens org.lamella.cli.report to
            com.fasterxml.jackson.databind,
            info.picocli;

    uses CommandExtension;
}
