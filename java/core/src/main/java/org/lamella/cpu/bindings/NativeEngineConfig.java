package org.lamella.cpu.bindings;

import org.bytedeco.javacpp.annotation.Platform;
import org.bytedeco.javacpp.annotation.Properties;
import org.bytedeco.javacpp.tools.InfoMap;
import org.bytedeco.javacpp.tools.InfoMapper;

/** Configures JavaCPP, which generates {@code org.lamella.cpu.bindings.NativeEngine} from {@code lamella.h}. */
@Properties(
        value = @Platform(include = "lamella.h", link = "lamella", library = "jniNativeEngine"),
        target = "org.lamella.cpu.bindings",
        global = "org.lamella.cpu.bindings.NativeEngine")
public class NativeEngineConfig implements InfoMapper {
    /** Creates the mapper; JavaCPP calls this. */
    public NativeEngineConfig() {}

    @Override
    public void map(InfoMap infoMap) {
        // lamella.h is plain C: JavaCPP's defaults fit it.
    }
}
