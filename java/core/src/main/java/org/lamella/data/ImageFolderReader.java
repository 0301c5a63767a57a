package org.lamella.data;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.lamella.network.Shape;

/**
 * Reads a folder of PNG files of one size, grey or colour, with a table of labels ({@code name TAB label;label}, the
 * name with or without .png). Values are 0 to 255, plane by plane; transparency is left out.
 */
final class ImageFolderReader {

    private static final String ENDING = ".png";

    private ImageFolderReader() {}

    /** Whether a folder has such files. */
    static boolean reads(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(ImageFolderReader::isImage);
        }
    }

    static boolean isImage(Path file) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(ENDING);
    }

    static Table read(Path folder, SequenceOptions options) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(ImageFolderReader::isImage).sorted().toList();
        }
        Map<String, List<String>> labelled =
                options.labelFile() == null ? Map.of() : LabelFile.read(options.labelFile());
        Set<String> labels = new LinkedHashSet<>();
        labelled.values().forEach(labels::addAll);
        List<String> names = List.copyOf(labels);
        Attribute id = new Attribute(FastaReader.ID, Attribute.Type.OPEN, List.of());
        Table table = null;
        Shape shape = null;
        for (Path file : files) {
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
                table.identifier = 0;
                table.declaredLabels = -names.size();
                table.shape = own;
            } else if (!own.equals(shape)) {
                throw new InputException(
                        file + ": " + own + ", but " + files.get(0).getFileName() + " is " + shape
                                + " (channels x height x width); bring all images to one size and kind");
            }
            planes = planes(image, channels);
            float[] row = new float[1 + planes.length + names.size()];
            String name = file.getFileName().toString();
            String stem = name.substring(0, name.length() - ENDING.length());
            row[0] = id.code(stem);
            System.arraycopy(planes, 0, row, 1, planes.length);
            if (options.labelFile() != null) {
                List<String> known = labelled.containsKey(stem) ? labelled.get(stem) : labelled.get(name);
                if (known == null) {
                    throw new InputException(file + ": no line for it in " + options.labelFile());
                }
                known.forEach(l -> row[1 + planes.length + names.indexOf(l)] = 1);
            }
            table.add(row, table.rows.size() + 1);
        }
        return table;
    }

    private static List<Attribute> attributes(Attribute id, Shape shape, List<String> labels) {
        List<Attribute> attributes = new ArrayList<>(List.of(id));
        for (int c = 0; c < shape.channels(); c++) {
            for (int y = 0; y < shape.height(); y++) {
                for (int x = 0; x < shape.width(); x++) {
                    attributes.add(new Attribute("c" + c + "y" + y + "x" + x, Attribute.Type.NUMERIC, List.of()));
                }
            }
        }
        labels.forEach(l -> attributes.add(new Attribute(l, Attribute.Type.NUMERIC, List.of())));
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
