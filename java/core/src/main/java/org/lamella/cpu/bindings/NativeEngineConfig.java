package org.lamella.cpu.bindings;

import org.bytedeco.javacpp.annotation.Platform;
import org.bytedeco.javacpp.annotation.Properties;
import org.bytedeco.javacpp.tools.InfoMap;
import org.bytedeco.javacpp.tools.InfoMapper;

/** Tells JavaCPP how to turn {@code lamella.h} into {@code org.lamella.cpu.bindings.NativeEngine}. */
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
