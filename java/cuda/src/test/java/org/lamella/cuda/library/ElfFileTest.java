package org.lamella.cuda.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A library that is cut short, or is another one, is seen before the system's loader maps it. */
class ElfFileTest {

    private static final NeededLibrary CUDART = new NeededLibrary("cudart@.13", "cudart", "13");
    private static final NeededLibrary JAVA = new NeededLibrary("jvm@.13", "jvm", "13");

    @TempDir
    Path folder;

    /** A library that every machine with Java has. */
    private static byte[] library() throws IOException {
        Path jvm = Path.of(System.getProperty("java.home"), "lib", "server", "libjvm.so");
        assumeTrue(Files.isRegularFile(jvm), "Linux alone has libjvm.so");
        return Files.readAllBytes(jvm);
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("libcudart.so.13"), bytes);
    }

    @Test
    void aWholeLibraryTellsItsName() throws IOException {
        ElfFile whole = ElfFile.of(file(library()));
        assertThat(whole.problem()).isNull();
        assertThat(whole.damaged()).isFalse();
        assertThat(whole.soname()).isEqualTo("libjvm.so");
        assertThat(whole.problemAs(CUDART)).isEqualTo("is not libcudart.so.13: its name inside (SONAME) is libjvm.so");
    }

    @Test
    void theNameWithTheMajorVersionIsTaken() {
        assertThat(new ElfFile("libcudart.so.13", null, false).problemAs(CUDART))
                .isNull();
        assertThat(new ElfFile("libcudart.so.13.0", null, false).problemAs(CUDART))
                .isNull();
        assertThat(new ElfFile("libcudart.so.130", null, false).problemAs(CUDART))
                .contains("is libcudart.so.130");
        assertThat(new ElfFile(null, null, false).problemAs(JAVA)).contains("it has no name inside");
    }

    @Test
    void whereverItIsCutItIsSeen() throws IOException {
        byte[] whole = library();
        for (int length : new int[] {64, 100, 1000, 100_000, whole.length / 2, whole.length - 1}) {
            ElfFile cut = ElfFile.of(file(Arrays.copyOf(whole, length)));
            assertThat(cut.problem()).as("cut at " + length).isEqualTo("is cut short (damaged)");
            assertThat(cut.damaged()).as("cut at " + length).isTrue();
        }
        assertThat(ElfFile.of(file(new byte[0])).problem()).contains("cut short");
    }

    @Test
    void whatIsNoLibraryOfThisMachineIsNamed() throws IOException {
        byte[] other = library();
        other[4] = 1;
        assertThat(ElfFile.of(file(other)).problem()).isEqualTo("is a 32-bit library");
        other[4] = 2;
        other[0x12] ^= 0x55;
        assertThat(ElfFile.of(file(other)).problem()).isEqualTo("is for other processors");
        assertThat(ElfFile.of(file("INPUT(libother.so) /* a linker script, longer than a header is */ "
                                .repeat(2)
                                .getBytes(StandardCharsets.UTF_8)))
                        .problem())
                .isEqualTo("is no library (ELF)");
        assertThat(ElfFile.of(folder.resolve("none")).problem()).contains("cannot be read");
    }

    @Test
    void wildNumbersAreRefusedNotFollowed() throws IOException {
        byte[] whole = library();
        for (int at = 0x20; at < 0x40; at++) { // where the tables are, how many entries they have
            byte[] wild = whole.clone();
            wild[at] = (byte) 0xff;
            assertThat(ElfFile.of(file(wild))).as("byte " + at).isNotNull();
        }
    }
}
