import org.lamella.backend.DeviceProvider;

/**
 * Trains and runs multi-label convolutional networks. A program uses {@link org.lamella.data.Datasets},
 * {@link org.lamella.training.Trainer}, {@link org.lamella.model.Model} and {@link org.lamella.device.Devices}; the
 * packages that are exported to everyone are the whole API, all others may change at any time.
 */
@SuppressWarnings("module") // the modules of qualified exports are built later
module org.lamella.core {
    requires static transitive org.jspecify;
    requires ch.randelshofer.fastdoubleparser;
    requires com.fasterxml.jackson.databind;
    requires com.github.luben.zstd_jni;
    requires de.siegmar.fastcsv;
    requires java.desktop;
    requires java.xml;
    requires org.bytedeco.javacpp;

    // The API.
    exports org.lamella;
    exports org.lamella.data;
    exports org.lamella.data.sequences;
    exports org.lamella.data.splits;
    exports org.lamella.device;
    exports org.lamella.evaluation;
    exports org.lamella.finding;
    exports org.lamella.model;
    exports org.lamella.network;
    exports org.lamella.optimization;
    exports org.lamella.selection;
    exports org.lamella.training;
    exports org.lamella.work;

    // For Lamella's other modules only.
    exports org.lamella.backend to
            org.lamella.cuda,
            org.lamella.cli,
            org.lamella.bench,
            org.lamella.bench.command;
    exports org.lamella.baseline to
            org.lamella.cli;
    exports org.lamella.cpu to
            org.lamella.cuda,
            org.lamella.cli,
            org.lamella.bench,
            org.lamella.bench.command;
    exports org.lamella.data.batches to
            org.lamella.bench;
    exports org.lamella.data.checkup to
            org.lamella.cli;
    exports org.lamella.data.formats to
            org.lamella.cli;
    exports org.lamella.data.rows to
            org.lamella.cli;
    exports org.lamella.data.table to
            org.lamella.cli;
    exports org.lamella.evaluation.analysis to
            org.lamella.cli,
            org.lamella.bench;
    exports org.lamella.file to
            org.lamella.cuda,
            org.lamella.cli,
            org.lamella.bench,
            org.lamella.bench.command;
    exports org.lamella.json to
            org.lamella.cli,
            org.lamella.bench;
    exports org.lamella.plan to
            org.lamella.cuda,
            org.lamella.cli,
            org.lamella.bench,
            org.lamella.bench.command;
    exports org.lamella.report to
            org.lamella.cli;
    exports org.lamella.text to
            org.lamella.cli,
            org.lamella.bench,
            org.lamella.bench.command;

    // Jackson writes and reads their private members: files of models, checkpoints, reports.
    opens org.lamella.baseline to
            com.fasterxml.jackson.databind;
    opens org.lamella.network to
            com.fasterxml.jackson.databind;
    opens org.lamella.training to
            com.fasterxml.jackson.databind;
    opens org.lamella.report to
            com.fasterxml.jackson.databind;

    uses DeviceProvider;

    provides DeviceProvider with
            org.lamella.cpu.CpuDeviceProvider;
}
