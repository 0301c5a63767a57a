package org.lamella.cli.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Properties;
import java.util.stream.Collectors;
import org.lamella.evaluation.Metric;

/** Builds a page in one file, which opens without an internet connection. */
final class ReportPage {

    private static final String CHARTS = "META-INF/maven/org.webjars.npm/chart.js/pom.properties";

    private ReportPage() {}

    /**
     * A page.
     *
     * @param title of the window
     * @param script draws the page; a resource in the package of this class
     * @param json the data of the page
     */
    static String of(String title, String script, String json) {
        // The data comes last, so that placeholders in it are not replaced.
        return resource("page.html")
                .replace("{{title}}", title.replace("&", "&amp;").replace("<", "&lt;"))
                .replace("{{style}}", resource("page.css"))
                .replace("{{charts}}", charts())
                .replace("{{script}}", resource("parts.js").replace("{{metrics}}", metrics()) + resource(script))
                .replace("{{data}}", json.replace("<", "\\u003c"));
    }

    /** All metrics, in the order of the enum. */
    private static String metrics() {
        return Arrays.stream(Metric.values())
                .map(m -> "[\"" + m.key() + "\", \"" + m.title() + "\", " + (m.better() == Metric.Better.LOWER) + "]")
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String resource(String name) {
        return text(ReportPage.class.getResourceAsStream(name), name);
    }

    /** Chart.js, from its WebJar. */
    private static String charts() {
        ClassLoader loader = ReportPage.class.getClassLoader();
        Properties jar = new Properties();
        try (InputStream in = loader.getResourceAsStream(CHARTS)) {
            jar.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String path = "META-INF/resources/webjars/chart.js/" + jar.getProperty("version") + "/dist/chart.umd.min.js";
        return text(loader.getResourceAsStream(path), path)
                .replaceFirst("(?m)^//# sourceMappingURL=.*$", "")
                .replace("</script", "<\\/script");
    }

    private static String text(InputStream from, String name) {
        try (InputStream in = from) {
            if (in == null) {
                throw new IllegalStateException("the packaged program lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
