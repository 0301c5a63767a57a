/** Checks and benchmarks of devices, for {@code lamella bench}. It has no API. */
@SuppressWarnings({
    "module", // the modules of qualified exports are built later
    "requires-automatic" // JMH has no module; it is needed by nothing but `bench kernels`
})
module org.lamella.bench {
    requires com.fasterxml.jackson.databind;
    requires java.management;
    requires static jmh.core;
    requires org.bytedeco.javacpp;
    requires org.lamella.core;

    exports org.lamella.bench.check to
            org.lamella.bench.command;
    exports org.lamella.bench.kernels to
            org.lamella.bench.command;
    exports org.lamella.bench.launch to
            org.lamella.bench.command,
            com.fasterxml.jackson.databind;
    exports org.lamella.bench.limit to
            org.lamella.bench.command;
    exports org.lamella.bench.machinecode to
            org.lamella.bench.command;
    exports org.lamella.bench.operator to
            org.lamella.bench.command;
    exports org.lamella.bench.peers to
            org.lamella.bench.command;
    exports org.lamella.bench.quality to
            org.lamella.bench.command,
            com.fasterxml.jackson.databind;
    exports org.lamella.bench.step to
            org.lamella.bench.command;
}
