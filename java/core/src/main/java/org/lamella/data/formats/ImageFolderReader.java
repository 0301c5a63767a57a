package org.lamella.data.formats;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.lamella.data.InputException;
import org.lamella.data.LabelSource;
import org.lamella.data.table.Attribute;
import org.lamella.data.table.Table;
import org.lamella.network.Shape;
import org.lamella.work.Work;

/**
 * Reads a folder of PNG files of one size, grey or colour, with a table of labels ({@code name TAB label;label}, the
 * name with or without .png). Values are 0 to 255, plane by plane; transparency is ignored.
 */
final class ImageFolderReader {

    private ImageFolderReader() {}

    static Table read(Path folder, LabelSource source) throws IOException {
        List<Path> files = TableFormats.PNG.files(folder);
        LabelFile labelled =
                source.file() == null ? null : LabelFile.read(source.file(), source.separator(), rows(files));
        List<float[]> values = labelled == null ? List.of() : labelled.of(rows(files));
        List<String> names = labelled == null ? List.of() : labelled.labels();
        Attribute id = Attribute.open(SequenceTable.ID);
        Table table = null;
        Shape shape = null;
        try (Work work = Work.begin("reading " + folder, files.size(), "image")) {
            for (Path file : files) {
                work.add(1);
                float[] planes;
                BufferedImage image = ImageIO.read(file.toFile());
                if (image == null) {
                    throw new InputException(file + ": not a PNG image");
                }
                int channels = image.getRaster().getNumBands() >= 3
                                || image.getColorModel().getNumColorComponents() >= 3
                        ? 3
                        : 1;
                Shape own = new Shape(channels, image.getHeight(), image.getWidth());
                if (table == null) {
                    shape = own;
                    table = new Table(folder.toString(), attributes(id, own, names));
                    table.declareIdentifier(0);
                    table.declareLabels(-names.size());
                    table.declareShape(own);
                    if (labelled != null) {
                        labelled.describe(table);
                    }
                } else if (!own.equals(shape)) {
                    throw new InputException(
                            file + ": " + own + ", but " + files.get(0).getFileName() + " is " + shape
                                    + " (channels x height x width); convert all images to one size and kind");
                }
                planes = planes(image, channels);
                float[] row = new float[1 + planes.length + names.size()];
                String name = file.getFileName().toString();
                String stem = name.substring(0, name.lastIndexOf('.'));
                row[0] = id.code(stem);
                System.arraycopy(planes, 0, row, 1, planes.length);
                if (labelled != null) {
                    System.arraycopy(values.get(table.size()), 0, row, 1 + planes.length, names.size());
                }
                table.add(row, table.size() + 1);
            }
        }
        return Objects.requireNonNull(table, "a folder is read for the images in it");
    }

    private static List<LabelFile.Row> rows(List<Path> files) {
        return files.stream()
                .map(f -> new LabelFile.Row(f.getFileName().toString(), f.toString(), f.toString()))
                .toList();
    }

    private static List<Attribute> attributes(Attribute id, Shape shape, List<String> labels) {
        List<Attribute> attributes = new ArrayList<>(List.of(id));
        for (int c = 0; c < shape.channels(); c++) {
            for (int y = 0; y < shape.height(); y++) {
                for (int x = 0; x < shape.width(); x++) {
                    attributes.add(Attribute.numeric("c" + c + "y" + y + "x" + x));
                }
            }
        }
        labels.forEach(l -> attributes.add(Attribute.numeric(l)));
        return attributes;
    }

    private static float[] planes(BufferedImage image, int channels) {
        int plane = image.getWidth() * image.getHeight();
        float[] values = new float[channels * plane];
        if (channels == 1) {
            Raster raster = image.getRaster();
            float most = (1 << raster.getSampleModel().getSampleSize(0)) - 1; // 1, 2, 4, 8 or 16 bits
            boolean palette = image.getColorModel() instanceof java.awt.image.IndexColorModel;
            for (int i = 0; i < plane; i++) {
                values[i] = palette
                        ? image.getRGB(i % image.getWidth(), i / image.getWidth()) & 0xff
                        : raster.getSample(i % image.getWidth(), i / image.getWidth(), 0) * 255 / most;
            }
            return values;
        }
        for (int i = 0; i < plane; i++) {
            int rgb = image.getRGB(i % image.getWidth(), i / image.getWidth());
            for (int c = 0; c < 3; c++) {
                values[c * plane + i] = rgb >> (16 - 8 * c) & 0xff;
            }
        }
        return values;
    }
}
