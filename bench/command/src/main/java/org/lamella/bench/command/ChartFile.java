package org.lamella.bench.command;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.lamella.data.InputException;
import org.lamella.file.AtomicFiles;
import org.lamella.file.OutputPlace;

/** Charts as files: PNG or SVG, according to the ending of the name. */
final class ChartFile {

    private ChartFile() {}

    /** Fails before the measurement if the file could not be written after it. */
    static void check(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (!name.endsWith(".png") && !name.endsWith(".svg")) {
            throw new InputException(file + ": the name of a picture must end in .png or .svg");
        }
        OutputPlace.file(file);
    }

    /** Draws a chart into a file, or prints a note why it cannot: a missing picture must not lose the measurement. */
    static boolean write(XYChart chart, Path file) throws IOException {
        if (!hasFonts()) {
            System.err.println("note: no " + file
                    + ": this machine has no fonts to draw it with; install fontconfig and a font, for example "
                    + "Debian's fonts-dejavu-core");
            return false;
        }
        boolean vector = file.toString().toLowerCase(Locale.ROOT).endsWith(".svg");
        AtomicFiles.replace(file.toAbsolutePath(), p -> {
            if (vector) {
                svg(chart, p);
            } else {
                try (OutputStream out = Files.newOutputStream(p)) {
                    BitmapEncoder.saveBitmap(chart, out, BitmapEncoder.BitmapFormat.PNG);
                }
            }
        });
        return true;
    }

    /** Servers often have no fonts; Java then fails with various exceptions. */
    private static boolean hasFonts() {
        Graphics2D canvas = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
        try {
            return canvas.getFontMetrics(new Font(Font.SANS_SERIF, Font.PLAIN, 12))
                            .stringWidth("1")
                    > 0;
        } catch (RuntimeException | LinkageError | InternalError e) {
            return false;
        } finally {
            canvas.dispose();
        }
    }

    private static void svg(XYChart chart, Path file) throws IOException {
        SVGGraphics2D canvas;
        try {
            canvas = new SVGGraphics2D(DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument("http://www.w3.org/2000/svg", "svg", null));
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK cannot create an XML document", e);
        }
        chart.paint((Graphics2D) canvas, chart.getWidth(), chart.getHeight());
        try (Writer out = Files.newBufferedWriter(file)) {
            canvas.stream(out, true);
        }
    }
}
