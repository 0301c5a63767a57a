package org.lamella.cli.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.lamella.training.LearningRateCurve;
import org.lamella.training.LearningRateCurve.Point;

/** Draws the losses of a learning-rate test as SVG, with a logarithmic axis of rates. */
public final class LearningRatePlot {

    private static final int WIDTH = 720;
    private static final int HEIGHT = 420;
    private static final int LEFT = 70;
    private static final int RIGHT = 20;
    private static final int TOP = 40;
    private static final int BOTTOM = 60;
    private static final int LINES = 5;
    /** Losses above this multiple of the first are cut off: the region of interest is below. */
    private static final double CUT = 1.5;

    private final List<Point> points;
    private final double lowLoss;
    private final double highLoss;

    private LearningRatePlot(List<Point> points) {
        this.points = points;
        double first = points.isEmpty() ? 1 : points.get(0).smoothed();
        lowLoss = points.stream()
                .mapToDouble(p -> Math.min(p.loss(), p.smoothed()))
                .min()
                .orElse(0);
        highLoss = Math.max(
                first,
                points.stream()
                        .mapToDouble(p -> Math.max(p.loss(), p.smoothed()))
                        .filter(v -> v <= CUT * first)
                        .max()
                        .orElse(1));
    }

    /**
     * The picture.
     *
     * @param curve at least one point
     * @param title one line
     * @return a complete SVG file
     */
    public static String svg(LearningRateCurve curve, String title) {
        return new LearningRatePlot(curve.points()).draw(curve, title);
    }

    /**
     * A rate to be used as a setting.
     *
     * @param rate above 0
     * @return with one significant digit, without an exponent
     */
    public static String rounded(double rate) {
        return new BigDecimal(rate)
                .round(new MathContext(1))
                .stripTrailingZeros()
                .toPlainString();
    }

    private double x(double rate) {
        double from = Math.log10(points.get(0).rate());
        double to = Math.log10(points.get(points.size() - 1).rate());
        return LEFT + (WIDTH - LEFT - RIGHT) * (to == from ? 0.5 : (Math.log10(rate) - from) / (to - from));
    }

    private double y(double loss) {
        double share = highLoss == lowLoss ? 0.5 : (Math.min(loss, highLoss) - lowLoss) / (highLoss - lowLoss);
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share;
    }

    private String draw(LearningRateCurve curve, String title) {
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" "
                        + "font-size=\"12\">%n<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>%n",
                WIDTH,
                HEIGHT,
                WIDTH,
                HEIGHT));
        text(svg, LEFT, TOP - 18, "start", "Learning-rate test: " + title);
        for (int i = 0; i < LINES; i++) {
            double loss = lowLoss + (highLoss - lowLoss) * i / (LINES - 1);
            line(svg, LEFT, y(loss), WIDTH - RIGHT, y(loss), "#ddd", "");
            text(svg, LEFT - 8, y(loss) + 4, "end", String.format(Locale.ROOT, "%.3g", loss));
        }
        int first = (int) Math.ceil(Math.log10(points.get(0).rate()) - 1e-9);
        int last = (int) Math.floor(Math.log10(points.get(points.size() - 1).rate()) + 1e-9);
        for (int power = first; power <= last; power++) {
            double rate = Math.pow(10, power);
            line(svg, x(rate), TOP, x(rate), HEIGHT - BOTTOM, "#ddd", "");
            text(svg, x(rate), HEIGHT - BOTTOM + 18, "middle", new BigDecimal("1E" + power).toPlainString());
        }
        text(svg, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 14, "middle", "learning rate");
        text(svg, 8, TOP - 18, "start", "loss");
        path(svg, Point::loss, "#bbb", 1);
        path(svg, Point::smoothed, "#1f77b4", 2);
        if (!Double.isNaN(curve.suggested())) {
            double at = x(curve.suggested());
            line(svg, at, TOP, at, HEIGHT - BOTTOM, "#d62728", " stroke-dasharray=\"4 3\"");
            text(
                    svg,
                    at + 4,
                    TOP + 12,
                    "start",
                    "falls most steeply: " + String.format(Locale.ROOT, "%.2g", curve.suggested()));
        }
        return svg.append("</svg>\n").toString();
    }

    private void path(StringBuilder svg, ToDoubleFunction<Point> of, String colour, int width) {
        String at = points.stream()
                .map(p -> String.format(Locale.ROOT, "%.1f,%.1f", x(p.rate()), y(of.applyAsDouble(p))))
                .collect(Collectors.joining(" "));
        svg.append("<polyline points=\"")
                .append(at)
                .append("\" fill=\"none\" stroke=\"")
                .append(colour)
                .append("\" stroke-width=\"")
                .append(width)
                .append("\"/>\n");
    }

    private static void line(
            StringBuilder svg, double x1, double y1, double x2, double y2, String colour, String more) {
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"%s/>%n",
                x1,
                y1,
                x2,
                y2,
                colour,
                more));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
        String safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        svg.append(String.format(
                Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, safe));
    }
}
