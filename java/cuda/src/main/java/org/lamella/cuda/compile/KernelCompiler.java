package org.lamella.cuda.compile;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.bytedeco.cuda.global.nvrtc;
import org.bytedeco.cuda.nvrtc._nvrtcProgram;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.lamella.cuda.library.CudaException;
import org.lamella.cuda.library.CudaLibraries;

/**
 * Compiles kernel files with NVRTC to machine code (CUBIN) for one architecture. Not to PTX, because the last driver
 * for a K80 does not accept PTX of a newer toolkit. Needs the NVRTC library, but no GPU.
 */
public final class KernelCompiler implements KernelCache.Source {

    private final KernelSources sources = new KernelSources();

    /**
     * Loads the library.
     *
     * @throws LinkageError if NVRTC, or another library that the bindings need, is missing or does not load, with the
     *     reason
     */
    public KernelCompiler() {
        CudaLibraries.load(nvrtc.class);
    }

    /** NVRTC's version, for example {@code 11.8}. */
    @Override
    public String version() {
        int[] major = new int[1];
        int[] minor = new int[1];
        check(nvrtc.nvrtcVersion(major, minor), "nvrtcVersion");
        return major[0] + "." + minor[0];
    }

    /**
     * The machine code of a variant for an architecture such as {@code sm_37}.
     *
     * @throws CudaException if it does not compile, with the compiler's log
     */
    @Override
    public byte[] compile(KernelVariant variant, String architecture) {
        List<String> options = variant.options(architecture);
        List<String> included = List.copyOf(sources.headers(variant.file()));
        String what = "(" + variant + " for " + architecture + ")";
        _nvrtcProgram program = new _nvrtcProgram();
        try (BytePointer source = new BytePointer(sources.text(variant.file()), StandardCharsets.UTF_8);
                BytePointer name = new BytePointer(variant.file(), StandardCharsets.UTF_8);
                PointerPointer<BytePointer> headers = new PointerPointer<>(
                        included.stream().map(sources::text).toArray(String[]::new));
                PointerPointer<BytePointer> headerNames = new PointerPointer<>(included.toArray(new String[0]));
                PointerPointer<BytePointer> flags = new PointerPointer<>(options.toArray(new String[0]))) {
            check(
                    nvrtc.nvrtcCreateProgram(program, source, name, included.size(), headers, headerNames),
                    "nvrtcCreateProgram" + what);
            try {
                int result = nvrtc.nvrtcCompileProgram(program, options.size(), flags);
                if (result != nvrtc.NVRTC_SUCCESS) {
                    throw new CudaException(
                            "nvrtcCompileProgram" + what,
                            result,
                            nvrtc.nvrtcGetErrorString(result).getString() + "\n" + log(program, what));
                }
                return machineCode(program, what);
            } finally {
                nvrtc.nvrtcDestroyProgram(program);
            }
        }
    }

    private static byte[] machineCode(_nvrtcProgram program, String what) {
        try (SizeTPointer size = new SizeTPointer(1)) {
            check(nvrtc.nvrtcGetCUBINSize(program, size), "nvrtcGetCUBINSize" + what);
            byte[] code = new byte[Math.toIntExact(size.get())];
            check(nvrtc.nvrtcGetCUBIN(program, code), "nvrtcGetCUBIN" + what);
            return code;
        }
    }

    private static String log(_nvrtcProgram program, String what) {
        try (SizeTPointer size = new SizeTPointer(1)) {
            check(nvrtc.nvrtcGetProgramLogSize(program, size), "nvrtcGetProgramLogSize" + what);
            byte[] text = new byte[Math.toIntExact(size.get())];
            check(nvrtc.nvrtcGetProgramLog(program, text), "nvrtcGetProgramLog" + what);
            return new String(text, 0, Math.max(text.length - 1, 0), StandardCharsets.UTF_8)
                    .strip(); // ends with a zero
        }
    }

    private static void check(int result, String call) {
        if (result != nvrtc.NVRTC_SUCCESS) {
            throw new CudaException(
                    call, result, nvrtc.nvrtcGetErrorString(result).getString());
        }
    }
}
