package org.lamella.data.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.data.Dataset;
import org.lamella.data.Datasets;
import org.lamella.data.FeatureColumn;
import org.lamella.data.InputException;
import org.lamella.data.LabelSelection;
import org.lamella.data.LabelSource;
import org.lamella.data.sequences.EncodingOptions;
import org.lamella.data.sequences.SequenceEncoding;
import org.lamella.network.Shape;

/** LIBSVM, NumPy, images, and sequences in tables. */
class FormatsTest {

    @TempDir
    Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static final EncodingOptions FOUR = EncodingOptions.oneHot(null, 4, SequenceEncoding.Crop.START);

    private static LabelSource columns(String sequence, @Nullable String label, @Nullable String id) {
        return LabelSource.columns(new LabelSource.SequenceColumns(sequence, label, id));
    }

    // ---- LIBSVM.

    @Test
    void libsvm() throws IOException {
        Dataset d = Datasets.read(
                file("a.libsvm", "3 4 2\n0,7 1:0.5 3:-2  # a comment\n 2:1e-3\n7 4:4\n"), LabelSelection.declared());
        assertThat(d.labels()).containsExactly("label0", "label7");
        assertThat(d.columns().stream().map(FeatureColumn::name))
                .containsExactly("feature1", "feature2", "feature3", "feature4");
        assertThat(d.features()).isDeepEqualTo(new float[][] {{0.5f, 0, -2, 0}, {0, 1e-3f, 0, 0}, {0, 0, 0, 4}});
        assertThat(d.targets()).isDeepEqualTo(new byte[][] {{1, 1}, {0, 0}, {0, 1}});
        Dataset from0 = Datasets.read(file("b.svm", "1 0:1 1:2\n"), LabelSelection.declared());
        assertThat(from0.features()).isDeepEqualTo(new float[][] {{1, 2}});
    }

    /** Files of two classes have 1 and -1: one label that a row has or does not have. */
    @Test
    void signsInLibsvmAreOneLabel() throws IOException {
        Dataset d = Datasets.read(file("s.libsvm", "+1 1:1\n-1 1:2\n1 2:1\n"), LabelSelection.declared());
        assertThat(d.labels()).containsExactly("label1");
        assertThat(d.targets()).isDeepEqualTo(new byte[][] {{1}, {0}, {1}});
        assertThat(d.findings()).anySatisfy(f -> assertThat(f.toString()).contains("1 and -1 are one label"));
        Dataset negatives = Datasets.read(file("n.libsvm", "-1 1:1\n-1 2:2\n"), d.columns(), d.labels(), true);
        assertThat(negatives.targets()).isDeepEqualTo(new byte[][] {{0}, {0}});
        Dataset several = Datasets.read(file("m.libsvm", "1,-1 1:1\n-1 1:2\n"), LabelSelection.declared());
        assertThat(several.labels()).as("lists of labels").containsExactly("label-1", "label1");
        assertThat(Datasets.read(file("o.libsvm", "-1 1:1\n1\t1:2\n2 1:3\n"), LabelSelection.declared())
                        .labels())
                .containsExactly("label-1", "label1", "label2");
    }

    /** What another file does not mention is 0. */
    @Test
    void aSparseTestFileNeedNotHaveAllColumns() throws IOException {
        Dataset training = Datasets.read(file("a.libsvm", "1,2 1:1 2:1 3:1\n"), LabelSelection.declared());
        Dataset test = Datasets.read(file("t.libsvm", "2 1:5\n"), training.columns(), training.labels(), true);
        assertThat(test.features()).isDeepEqualTo(new float[][] {{5, 0, 0}});
        assertThat(test.targets()).isDeepEqualTo(new byte[][] {{0, 1}});
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "1.5 1:1 | labels are whole numbers",
                "1 1=2 | '1=2' is not index:value",
                "1 -1:2 | indices are 0",
                "1 1:NaN | finite",
                "1 99999999:1 | indices are 0"
            })
    void libsvmThatIsWrong(String line, String message) throws IOException {
        Path f = file("w.libsvm", "1 1:1\n" + line + "\n");
        assertThatThrownBy(() -> Datasets.read(f, LabelSelection.declared()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("w.libsvm:2")
                .hasMessageContaining(message);
    }

    // ---- NumPy.

    private static byte[] numpy(String type, boolean columnsFirst, String shape, ByteBuffer values) {
        String header = "{'descr': '" + type + "', 'fortran_order': " + (columnsFirst ? "True" : "False")
                + ", 'shape': (" + shape + "), }";
        String padded = header + " ".repeat(64 - (10 + header.length() + 1) % 64) + "\n";
        ByteBuffer all =
                ByteBuffer.allocate(10 + padded.length() + values.capacity()).order(ByteOrder.LITTLE_ENDIAN);
        all.put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) padded.length());
        return all.put(padded.getBytes(StandardCharsets.US_ASCII))
                .put(values.rewind())
                .array();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer floats(float... values) {
        ByteBuffer b = little(4 * values.length);
        for (float v : values) {
            b.putFloat(v);
        }
        return b;
    }

    @Test
    void npy() throws IOException {
        Path rows = Files.write(folder.resolve("r.npy"), numpy("<f4", false, "2, 3", floats(1, 2, 1, 3, 4, 0)));
        Path columns = Files.write(folder.resolve("c.npy"), numpy("<f4", true, "2, 3", floats(1, 3, 2, 4, 1, 0)));
        for (Path p : List.of(rows, columns)) {
            Dataset d = Datasets.read(p, LabelSelection.last(1));
            assertThat(d.features()).isDeepEqualTo(new float[][] {{1, 2}, {3, 4}});
            assertThat(d.targets()).isDeepEqualTo(new byte[][] {{1}, {0}});
        }
    }

    @Test
    void npzWithImagesLabelsAndNames() throws IOException {
        Path npz = folder.resolve("a.npz");
        ByteBuffer halves = little(2 * 8);
        for (int bits : new int[] {0x3c00, 0x4000, 0xbc00, 0x3800, 0x0001, 0x0000, 0x7bff, 0x3555}) {
            halves.putShort((short) bits);
        }
        ByteBuffer names = little(4 * 2 * 3);
        names.putInt('u').putInt('p').putInt(0).putInt('d').putInt('o').putInt('w');
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(npz))) {
            write(zip, "x.npy", numpy("<f2", false, "2, 1, 2, 2", halves));
            write(
                    zip,
                    "y.npy",
                    numpy(
                            "|b1",
                            false,
                            "2, 2",
                            little(4).put((byte) 1).put((byte) 0).put((byte) 0).put((byte) 1)));
            write(
                    zip,
                    "ids.npy",
                    numpy(">i4", false, "2,", ByteBuffer.allocate(8).putInt(70).putInt(9)));
            write(zip, "label_names.npy", numpy("<U3", false, "2,", names));
        }
        Dataset d = Datasets.read(npz, LabelSelection.declared());
        assertThat(d.shape()).isEqualTo(new Shape(1, 2, 2));
        assertThat(d.ids()).containsExactly("70", "9");
        assertThat(d.labels()).containsExactly("up", "dow");
        assertThat(d.features()[0]).containsExactly(1, 2, -1, 0.5f);
        assertThat(d.features()[1]).containsExactly(0x1p-24f, 0, 65504, 0.33325195f);
        assertThat(d.targets()).isDeepEqualTo(new byte[][] {{1, 0}, {0, 1}});
    }

    private static void write(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(bytes);
        zip.closeEntry();
    }

    @Test
    void numpyThatIsWrong() throws IOException {
        byte[] whole = numpy("<f4", false, "2, 3", floats(1, 2, 1, 3, 4, 0));
        Path cut = Files.write(folder.resolve("cut.npy"), java.util.Arrays.copyOf(whole, whole.length - 1));
        assertThatThrownBy(() -> Datasets.read(cut, LabelSelection.last(1))).hasMessageContaining("cut.npy: cut short");
        Path objects = Files.write(folder.resolve("o.npy"), numpy("|O", false, "1, 1", little(8)));
        assertThatThrownBy(() -> Datasets.read(objects, LabelSelection.last(1)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("astype");
        Path line = Files.write(folder.resolve("l.npy"), numpy("<f4", false, "3,", floats(1, 2, 3)));
        assertThatThrownBy(() -> Datasets.read(line, LabelSelection.last(1))).hasMessageContaining("rows x columns");
        assertThatThrownBy(() -> Datasets.read(file("t.npy", "no array at all"), LabelSelection.last(1)))
                .hasMessageContaining("not a NumPy array");
    }

    // ---- Images.

    @Test
    void aFolderOfImages() throws IOException {
        Path images = Files.createDirectory(folder.resolve("images"));
        BufferedImage colour = new BufferedImage(2, 3, BufferedImage.TYPE_INT_RGB);
        colour.setRGB(1, 2, 0x102030);
        ImageIO.write(colour, "png", images.resolve("one.png").toFile());
        ImageIO.write(
                new BufferedImage(2, 3, BufferedImage.TYPE_INT_ARGB),
                "png",
                images.resolve("two.png").toFile());
        Path labels = file("labels.tsv", "one\tred;blue\ntwo.png\tblue\nthree\tred\n");
        Dataset d =
                Datasets.read(images, LabelSelection.declared(), LabelSource.file(labels), EncodingOptions.defaults());
        assertThat(d.shape()).isEqualTo(new Shape(3, 3, 2));
        assertThat(d.ids()).containsExactly("one", "two");
        assertThat(d.labels()).containsExactly("red", "blue");
        assertThat(d.features()[0]).containsExactly(0, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0x20, 0, 0, 0, 0, 0, 0x30);
        assertThat(d.targets()).isDeepEqualTo(new byte[][] {{1, 1}, {0, 1}});
        ImageIO.write(
                new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB),
                "png",
                images.resolve("three.png").toFile());
        assertThatThrownBy(() -> Datasets.read(
                        images, LabelSelection.declared(), LabelSource.file(labels), EncodingOptions.defaults()))
                .hasMessageContaining("one.png is 3x3x2")
                .hasMessageContaining("three.png");
    }

    @Test
    void greyImagesOfEveryDepth() throws IOException {
        Path images = Files.createDirectory(folder.resolve("grey"));
        BufferedImage eight = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY);
        eight.getRaster().setSample(0, 0, 0, 200);
        ImageIO.write(eight, "png", images.resolve("a.png").toFile());
        BufferedImage sixteen = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
        sixteen.getRaster().setSample(0, 0, 0, 65535);
        ImageIO.write(sixteen, "png", images.resolve("b.png").toFile());
        Dataset d = Datasets.read(
                images,
                LabelSelection.declared(),
                LabelSource.file(file("l.tsv", "a\tx\nb\ty\nc\ty\n")),
                EncodingOptions.defaults());
        assertThat(d.features()).isDeepEqualTo(new float[][] {{200}, {255}});
        Path wrong = images.resolve("c.png");
        Files.writeString(wrong, "no image");
        assertThatThrownBy(() -> Datasets.read(
                        images,
                        LabelSelection.declared(),
                        LabelSource.file(folder.resolve("l.tsv")),
                        EncodingOptions.defaults()))
                .hasMessageContaining("c.png: not a PNG");
    }

    // ---- Sequences in tables.

    @Test
    void sequencesInAColumn() throws IOException {
        Path csv =
                file("s.csv", "name,year,seq,where\np,1999,ACGTT,nucleus; cytosol\nq,2001,GG,\nr,2000,TTT,cytosol\n");
        Dataset d = Datasets.read(csv, LabelSelection.declared(), columns("seq", "where", "name"), FOUR);
        assertThat(d.ids()).containsExactly("p", "q", "r");
        assertThat(d.labels()).containsExactly("nucleus", "cytosol");
        assertThat(d.targets()).isDeepEqualTo(new byte[][] {{1, 1}, {0, 0}, {0, 1}});
        assertThat(d.width()).isEqualTo(16);
        assertThat(d.lengths()).containsExactly(5, 2, 3);
        Path fasta = file("f.fasta", ">1|z\nACGT\n");
        Dataset other = Datasets.read(fasta, d.columns(), List.of("label1"), true, LabelSource.headerBits(List.of()));
        assertThat(other.features()[0]).as("a model reads either").containsExactly(d.features()[0]);
    }

    @Test
    void labelsMayHaveColumnsOfTheirOwn() throws IOException {
        Path tsv = file("s.tsv", "seq\ta\tb\nACGT\t1\t0\nAC\t0\t1\n");
        Dataset d = Datasets.read(tsv, LabelSelection.last(2), columns("seq", null, null), FOUR);
        assertThat(d.labels()).containsExactly("a", "b");
        assertThat(d.ids()).containsExactly("1", "2");
        assertThat(d.width()).isEqualTo(16);
        assertThatThrownBy(() -> Datasets.read(tsv, LabelSelection.last(2), columns("none", null, null), FOUR))
                .hasMessageContaining("no such column; there are seq, a, b");
        assertThatThrownBy(() -> Datasets.read(
                        file("e.csv", "seq,l\nACGT,a\n,b\n"),
                        LabelSelection.declared(),
                        columns("seq", "l", null),
                        FOUR))
                .hasMessageContaining("e.csv:3")
                .hasMessageContaining("no sequence");
    }
}
