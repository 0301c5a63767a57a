package org.lamella.cuda.library;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where CUDA's libraries are looked for, and which file is taken, on made-up machines. */
class LibraryFoldersTest {

    private static final List<String> TOGETHER = List.of("libcudart.so.13", "libcublas.so.13", "libcublasLt.so.13");

    @TempDir
    Path root;

    private Path folder(String path) throws IOException {
        return Files.createDirectories(root.resolve(path));
    }

    private Path file(String path) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.createFile(file);
    }

    private List<LibraryFolders.Family> families(Map<String, String> environment) {
        return LibraryFolders.of(environment, root, root.resolve("home"), null, "13.1");
    }

    private List<Path> folders(Map<String, String> environment) {
        return families(environment).stream().flatMap(f -> f.folders().stream()).toList();
    }

    @Test
    void anEmptyMachineHasNone() {
        assertThat(folders(Map.of())).isEmpty();
        assertThat(folders(Map.of("LD_LIBRARY_PATH", "/nowhere::", "CUDA_HOME", "")))
                .isEmpty();
    }

    @Test
    void whatJavaCannotLookIntoIsLeftOut() throws IOException {
        Path there = folder("there");
        assertThat(folders(Map.of("LD_LIBRARY_PATH", "/no\0where:" + there, "PATH", "/\0")))
                .containsExactly(there);
        assertThat(LibraryFolders.of(Map.of(), root, null, null, "13.1"))
                .as("a home of that kind")
                .isEmpty();
        assertThat(LibraryReport.named("/no\0where", List.of()))
                .singleElement()
                .asString()
                .contains("LC_ALL=C.UTF-8");
    }

    @Test
    void theOrderIsWhatTheUserSaysThenTheSystemThenPython() throws IOException {
        Path named = folder("named");
        Path other = folder("other");
        Path ld = folder("ld");
        Path home = folder("toolkit/lib64").getParent();
        Path versioned = folder("usr/local/cuda-13.1/lib64");
        Path toolkit = folder("usr/local/cuda/targets/x86_64-linux/lib");
        Path system = folder("usr/lib/x86_64-linux-gnu");
        Path conda = folder("conda/lib");
        Path wheel = folder("home/.local/lib/python3.11/site-packages/nvidia/cu13/lib");
        assertThat(folders(Map.of(
                        "LAMELLA_CUDA_LIBRARIES",
                        named + ":" + other,
                        "LD_LIBRARY_PATH",
                        ld.toString(),
                        "CUDA_HOME",
                        home.toString(),
                        "CONDA_PREFIX",
                        root.resolve("conda").toString())))
                .containsExactly(
                        named,
                        other,
                        ld,
                        home.resolve("lib64"),
                        versioned,
                        toolkit,
                        system,
                        root.resolve("usr/lib"),
                        conda,
                        wheel);
    }

    @Test
    void aBundlesOwnFolderComesBehindWhatTheUserNames() throws IOException {
        Path named = folder("named");
        Path ld = folder("ld");
        Path own = folder("bundle/cuda");
        assertThat(LibraryFolders.of(
                                Map.of("LAMELLA_CUDA_LIBRARIES", named.toString(), "LD_LIBRARY_PATH", ld.toString()),
                                root,
                                root,
                                root.resolve("bundle"),
                                "13.1")
                        .stream()
                        .flatMap(f -> f.folders().stream()))
                .containsExactly(named, own, ld);
    }

    @Test
    void wheelsOfAllPythonsAreFoundTheNewestFirst() throws IOException {
        Path old = folder("env/lib/python3.9/site-packages/nvidia/cublas/lib");
        Path young = folder("env/lib/python3.12/site-packages/nvidia/cu13/lib");
        Path dnn = folder("env/lib/python3.12/site-packages/nvidia/cudnn/lib");
        Path shim = file("py/shims/python3");
        assertThat(shim.toFile().setExecutable(true)).isTrue();
        Path pyenv = folder("py/versions/3.11.4/lib/python3.11/site-packages/nvidia/nccl/lib");
        Path dist = folder("usr/local/lib/python3.10/dist-packages/nvidia/cu13/lib");
        assertThat(folders(Map.of(
                        "VIRTUAL_ENV", root.resolve("env").toString(), "PATH", root + "/none:" + shim.getParent())))
                .containsSubsequence(young, old, pyenv, dist)
                .containsSubsequence(young, dnn, old);
        assertThat(families(Map.of("VIRTUAL_ENV", root.resolve("env").toString())).stream()
                        .filter(f -> f.folders().contains(dnn))
                        .findFirst()
                        .orElseThrow()
                        .folders())
                .as("wheels of one Python belong together")
                .containsExactlyInAnyOrder(young, dnn);
    }

    @Test
    void aPythonBehindALinkIsFound() throws IOException {
        file("opt/python/bin/python3.11").toFile().setExecutable(true);
        folder("bin");
        Files.createSymbolicLink(root.resolve("bin/python3"), root.resolve("opt/python/bin/python3.11"));
        Path wheel = folder("opt/python/lib/python3.11/site-packages/nvidia/cu13/lib");
        assertThat(folders(Map.of("PATH", root.resolve("bin").toString()))).contains(wheel);
    }

    @Test
    void oneFolderUnderTwoNamesCountsOnce() throws IOException {
        Path real = folder("real");
        Files.createSymbolicLink(root.resolve("link"), real);
        assertThat(folders(Map.of("LD_LIBRARY_PATH", root.resolve("link") + ":" + real)))
                .containsExactly(root.resolve("link"));
    }

    @Test
    void aFamilyThatHasThemAllComesBeforeOneThatHasSome() throws IOException {
        file("ld/libcudart.so.13");
        for (String name : TOGETHER) {
            file("usr/local/cuda/lib64/" + name);
        }
        LibrarySearch search = new LibrarySearch(
                families(Map.of("LD_LIBRARY_PATH", root.resolve("ld").toString())), TOGETHER);
        assertThat(search.candidates("libcudart.so.13", null))
                .containsExactly(
                        root.resolve("usr/local/cuda/lib64/libcudart.so.13"), root.resolve("ld/libcudart.so.13"));
        assertThat(search.candidates("libnccl.so.2", null)).isEmpty();
        LibrarySearch named = new LibrarySearch(
                families(Map.of("LAMELLA_CUDA_LIBRARIES", root.resolve("ld").toString())), TOGETHER);
        assertThat(named.candidates("libcudart.so.13", null).get(0))
                .as("what the user names wins")
                .isEqualTo(root.resolve("ld/libcudart.so.13"));
    }

    @Test
    void partsComeFromWhereTheirFirstWasFound() throws IOException {
        Path early = file("ld/libcudnn_ops.so.9");
        Path mate = file("usr/lib64/libcudnn.so.9");
        Path beside = file("usr/lib64/libcudnn_ops.so.9");
        LibrarySearch search = new LibrarySearch(
                families(Map.of("LD_LIBRARY_PATH", root.resolve("ld").toString())), TOGETHER);
        assertThat(search.candidates("libcudnn_ops.so.9", mate)).containsExactly(beside, early);
    }
}
