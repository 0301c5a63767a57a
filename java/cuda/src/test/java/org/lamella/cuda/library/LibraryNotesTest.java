package org.lamella.cuda.library;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudnn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.finding.Phrase;

/** What does not fit together is said, with what would help; what fits is not. */
class LibraryNotesTest {

    private static final NeededLibrary CUDART = new NeededLibrary("cudart@.13", "cudart", "13");
    private static final NeededLibrary BLAS = new NeededLibrary("cublas@.13", "cublas", "13");
    private static final NeededLibrary BLAS_LT = new NeededLibrary("cublasLt@.13", "cublasLt", "13");

    private static LibraryNotes.Loaded loaded(NeededLibrary library, String folder) {
        Path file = Path.of(folder, library.file());
        return new LibraryNotes.Loaded(library, List.of(file), file, null);
    }

    private static List<String> notes(
            String bindNow, int driver, int runtime, long dnn, LibraryNotes.Loaded... loaded) {
        return new LibraryNotes("13.1", bindNow, driver, runtime, dnn, List.of(loaded), List.of())
                .lines().stream().map(Phrase::text).toList();
    }

    @Test
    void whatFitsNeedsNoNote() {
        assertThat(notes(null, 13000, 13000, 13010, loaded(CUDART, "/a"), loaded(BLAS, "/a"), loaded(BLAS_LT, "/a")))
                .isEmpty();
        assertThat(notes("", 12040, 12080, 0))
                .as("within a major version a driver may be older")
                .isEmpty();
        assertThat(notes(null, 0, 0, 0)).as("nothing is known").isEmpty();
    }

    @Test
    void eachMisfitIsNamedWithItsRemedy() {
        assertThat(notes("1", 13000, 13000, 0))
                .singleElement()
                .asString()
                .contains("LD_BIND_NOW is set", "env -u LD_BIND_NOW");
        assertThat(notes(null, 11040, 13000, 0))
                .singleElement()
                .asString()
                .contains("the driver serves CUDA 11.4, the run-time library is of CUDA 13.0", "11.8");
        assertThat(notes(null, 13000, 13000, 12090))
                .singleElement()
                .asString()
                .contains("cuDNN was built for CUDA 12.9", "or use kernels own");
        assertThat(notes(null, 13000, 13000, 0, loaded(BLAS, "/a"), loaded(BLAS_LT, "/b")))
                .singleElement()
                .asString()
                .contains(
                        "a mix of versions: /a/libcublas.so.13 and /b/libcublasLt.so.13",
                        "LAMELLA_CUDA_LIBRARIES=FOLDER");
        assertThat(notes(null, 13000, 13000, 0, loaded(CUDART, "/a"), loaded(BLAS, "/b")))
                .singleElement()
                .asString()
                .contains("perhaps a mix", "/a/libcudart.so.13", "/b/libcublas.so.13");
    }

    @Test
    void foldersOfOneInstallationAreNoMix() {
        List<LibraryFolders.Family> wheels = List.of(new LibraryFolders.Family(
                "Python", List.of(Path.of("/p/cudart/lib"), Path.of("/p/cublas/lib")), false));
        assertThat(new LibraryNotes(
                                "11.8",
                                null,
                                11040,
                                11080,
                                0,
                                List.of(loaded(CUDART, "/p/cudart/lib"), loaded(BLAS, "/p/cublas/lib")),
                                wheels)
                        .lines())
                .isEmpty();
    }

    @Test
    void aPathInsideALibraryThatWinsIsSeen() {
        Path used = Path.of("/usr/lib64/libcublas.so.13");
        LibraryNotes.Loaded other = new LibraryNotes.Loaded(BLAS, List.of(used), Path.of("/a/libcublas.so.13"), null);
        assertThat(notes(null, 13000, 13000, 0, other))
                .singleElement()
                .asString()
                .contains("/usr/lib64/libcublas.so.13, and not /a/libcublas.so.13", "RPATH");
        LibraryNotes.Loaded twice =
                new LibraryNotes.Loaded(BLAS, List.of(used, Path.of("/a/libcublas.so.13")), used, null);
        assertThat(notes(null, 13000, 13000, 0, twice))
                .singleElement()
                .asString()
                .contains("2 times");
    }

    @Test
    void versionsAreReadAsNvidiaWritesThem() {
        assertThat(LibraryVersion.ofCuda(11080)).isEqualTo("11.8");
        assertThat(LibraryVersion.ofDnn(8600)).isEqualTo("8.6.0");
        assertThat(LibraryVersion.ofDnn(91900)).isEqualTo("9.19.0");
        assertThat(LibraryVersion.ofNccl(22809)).isEqualTo("2.28.9");
    }

    @Test
    void foldersThatWereNamedInVainAreSaid(@TempDir Path folder) {
        assertThat(LibraryReport.named(null, List.of())).isEmpty();
        assertThat(LibraryReport.named(
                        folder.toString(),
                        List.of(folder.resolve("libcudart.so.13").toString())))
                .isEmpty();
        assertThat(LibraryReport.named(folder + ":/nowhere", List.of("/usr/lib64/libcudart.so.13")))
                .satisfiesExactly(
                        line -> assertThat(line).contains(folder.toString(), "no library came from there"),
                        line -> assertThat(line).contains("/nowhere, which is no folder"));
    }

    @Test
    void theKernelsListOfMappedFilesIsRead() {
        MappedLibraries mapped = new MappedLibraries(List.of(
                "7f0-7f1 r--p 00000000 08:01 12   /with a space/libcudart.so.11.8.89",
                "7f1-7f2 r-xp 00001000 08:01 12   /with a space/libcudart.so.11.8.89",
                "7f3-7f4 rw-p 00000000 00:00 0",
                "7f4-7f5 rw-p 0 00:00 0 [heap]",
                "7f5-7f6 r--p 00000000 08:01 13 /x/libcudart.so.110",
                "7f6-7f7 r--p 0 08:01 14 /x/libcublasLt.so.11"));
        assertThat(mapped.of("cudart", "11")).containsExactly(Path.of("/with a space/libcudart.so.11.8.89"));
        assertThat(mapped.of("cublas", "11")).isEmpty();
    }

    @Test
    void aSkippedFileIsNamedOnceWithItsReason() {
        Path file = Path.of("/b/libcudart.so.13");
        assertThat(CudaLibraries.withoutItsName(file + ": " + file + ": file too short", file))
                .isEqualTo("file too short");
        assertThat(LibraryReport.skipped(
                        new CudaLibraries.Skipped(CUDART, file, "is cut short (damaged)", true),
                        Path.of("/c/libcudart.so.13")))
                .startsWith(
                        "/b/libcudart.so.13 is cut short (damaged): it was skipped, " + "/c/libcudart.so.13 is used");
    }

    @Test
    void theBindingsSayWhatTheyWant() {
        assertThat(NeededLibrary.of(cublas.class))
                .extracting(NeededLibrary::name)
                .containsExactly("cudart", "cublasLt", "cublas");
        assertThat(NeededLibrary.of(cudnn.class))
                .extracting(NeededLibrary::file)
                .contains("libcudnn." + (Bindings.cudaVersion().startsWith("11") ? "so.8" : "so.9"));
        assertThat(NeededLibrary.bindingsFile(cudnn.class)).isEqualTo("libjnicudnn.so");
    }

    @Test
    void theLoadersOwnReasonComesOut() {
        UnsatisfiedLinkError found =
                new UnsatisfiedLinkError("/b/native/libjnicudart.so: libcuda.so.1: cannot open shared object file");
        found.initCause(new UnsatisfiedLinkError("Could not find jnicudart in class, module, and library paths."));
        assertThat(Bindings.reason(found)).isEqualTo("libcuda.so.1: cannot open shared object file");
        UnsatisfiedLinkError outer = new UnsatisfiedLinkError("no jnicudart in java.library.path: /usr/lib");
        outer.initCause(
                new UnsatisfiedLinkError("/cache/libjnicudart.so: libcudart.so.13: cannot open shared object file"));
        assertThat(Bindings.reason(outer)).isEqualTo("libcudart.so.13: cannot open shared object file");
    }
}
