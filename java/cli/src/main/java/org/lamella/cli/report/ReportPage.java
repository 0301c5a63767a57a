package org.lamella.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.lamella.evaluation.Metric;

/** Builds a page in one file, which opens without an internet connection. */
final class ReportPage {

    private static final List<String> STYLES = List.of("colours", "page", "table", "chart", "print");

    /** What all pages are built of; the order matters only for constants. */
    private static final List<String> PARTS =
            List.of("elements", "page", "numbers", "table", "scale", "chart", "interval", "heat");

    private static final List<String> RUN = List.of(
            "run/overview",
            "run/metrics",
            "run/training",
            "run/labels",
            "run/decisions",
            "run/pairs",
            "run/picture",
            "run/logo",
            "run/filters",
            "run/network",
            "run/choice",
            "run/folds",
            "run/run");

    private static final List<String> COMPARISON =
            List.of("compare/runs", "compare/significance", "compare/labels", "compare/compare");

    private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

    private ReportPage() {}

    /**
     * The page of a run.
     *
     * @param title of the window
     * @param data what {@code run/run.js} draws
     */
    static String run(String title, JsonNode data) {
        return of(title, RUN, data);
    }

    /**
     * The page of a comparison.
     *
     * @param title of the window
     * @param data what {@code compare/compare.js} draws
     */
    static String comparison(String title, JsonNode data) {
        return of(title, COMPARISON, data);
    }

    private static String of(String title, List<String> scripts, JsonNode data) {
        return filled(
                resource("page.html"),
                Map.of(
                        "title",
                        title.replace("&", "&amp;").replace("<", "&lt;"),
                        "style",
                        all("style/", STYLES, ".css"),
                        "metrics",
                        metrics(),
                        "script",
                        all("script/", PARTS, ".js") + all("script/", scripts, ".js"),
                        "data",
                        data.toString().replace("<", "\\u003c")));
    }

    /** Replaces each placeholder once: placeholders in what is filled in are text. */
    private static String filled(String page, Map<String, String> values) {
        return PLACE.matcher(page)
                .replaceAll(found -> Matcher.quoteReplacement(
                        Objects.requireNonNull(values.get(found.group(1)), "a placeholder of page.html")));
    }

    /** All metrics, in the order of the enum: key, title, whether lower is better. */
    private static String metrics() {
        return Arrays.stream(Metric.values())
                .map(m -> "[\"" + m.key() + "\", \"" + m.title() + "\", " + (m.better() == Metric.Better.LOWER) + "]")
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String all(String folder, List<String> names, String end) {
        return names.stream().map(name -> resource(folder + name + end)).collect(Collectors.joining("\n"));
    }

    private static String resource(String name) {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the packaged program lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
