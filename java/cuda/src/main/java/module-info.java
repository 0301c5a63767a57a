import org.lamella.backend.DeviceProvider;

/** Runs networks on NVIDIA GPUs. It has no API: {@link org.lamella.device.Devices} finds it. */
@SuppressWarnings("module") // the modules of qualified exports are built later
module org.lamella.cuda {
    requires org.bytedeco.cuda;
    requires org.bytedeco.javacpp;
    requires org.lamella.core;

    exports org.lamella.cuda to
            org.lamella.bench.command;

    provides DeviceProvider with
            org.lamella.cuda.CudaDeviceProvider;
}
