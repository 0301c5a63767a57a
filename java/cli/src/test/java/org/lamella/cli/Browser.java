package org.lamella.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A headless browser without a network. */
public final class Browser {

    /** Dark colours. */
    public static final String DARK = "--blink-settings=preferredColorScheme=0";

    private final Path folder;

    /**
     * A browser with a profile of its own.
     *
     * @param folder for its files
     */
    public Browser(Path folder) {
        this.folder = folder;
    }

    /**
     * Opens a page, with a script of a test after its own.
     *
     * @param page a file
     * @param width of the page in pixels; a headless browser has no window as narrow as a phone, a frame can be
     * @param script returns what is tested
     * @param more options of the browser
     * @return the result of the script as JSON
     */
    public String run(Path page, int width, String script, String... more) throws IOException, InterruptedException {
        String text = Files.readString(page);
        int end = text.lastIndexOf("</body>");
        String own = text.substring(0, end) + "<script>setTimeout(() => { parent.document.getElementById('tested')"
                + ".textContent = JSON.stringify((() => { " + script + " })()); }, 500);</script>"
                + text.substring(end);
        Path frame = Files.writeString(
                folder.resolve("frame.html"),
                "<!DOCTYPE html><meta charset=\"utf-8\"><pre id=\"tested\"></pre>"
                        + "<iframe style=\"border: 0; height: 800px; "
                        + "width: " + width + "px\" srcdoc=\""
                        + own.replace("&", "&amp;").replace("\"", "&quot;") + "\"></iframe>");
        String dom = open(frame, more);
        String begin = "<pre id=\"tested\">";
        int from = dom.indexOf(begin) + begin.length();
        return dom.substring(from, dom.indexOf("</pre>", from))
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&");
    }

    /**
     * Opens a page; fails if anything was written to the console.
     *
     * @param page a file
     * @param more options of the browser
     * @return the page as the browser has drawn it
     */
    public String open(Path page, String... more) throws IOException, InterruptedException {
        Path dom = folder.resolve("dom");
        Path log = folder.resolve("log");
        Process browser;
        try {
            browser = new ProcessBuilder(Stream.concat(
                                    Stream.of(
                                            "chromium",
                                            "--headless=new",
                                            "--no-sandbox",
                                            "--disable-gpu",
                                            "--enable-logging=stderr",
                                            "--user-data-dir=" + folder.resolve("browser"),
                                            "--host-resolver-rules=MAP * ~NOTFOUND",
                                            "--virtual-time-budget=4000",
                                            "--window-size=1100,900",
                                            "--dump-dom"),
                                    Stream.concat(
                                            Stream.of(more),
                                            Stream.of(page.toUri().toString())))
                            .toList())
                    .redirectOutput(dom.toFile())
                    .redirectError(log.toFile())
                    .start();
        } catch (IOException e) {
            System.out.println("skipped: chromium is not installed");
            assumeTrue(false, "skipped: chromium is not installed");
            throw e;
        }
        assertThat(browser.waitFor(90, TimeUnit.SECONDS)).isTrue();
        List<String> console = Files.readString(log, StandardCharsets.ISO_8859_1)
                .lines()
                .filter(l -> l.contains("CONSOLE"))
                .toList();
        assertThat(console).isEmpty();
        return Files.readString(dom);
    }
}
