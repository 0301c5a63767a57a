package org.lamella.cuda.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Java reads off the texts of the kernels. */
class KernelSourcesTest {

    private static final Pattern KERNEL =
            Pattern.compile("LAMELLA_KERNEL\\s+void\\s+(?:__launch_bounds__\\([^)]*\\)\\s+)?(\\w+)\\(([^{]*)\\{");

    @ParameterizedTest
    @CsvSource({
        "elementwise.cu, copy_map, true",
        "elementwise.cu, sum_slices, false",
        "elementwise.cu, sum_slices_of_doubles, false",
        "convolution_rows_forward.cu, convolution_rows_forward, true",
        "progress.cu, reach, true",
        "peak.cu, multiply_add_peak, false",
        "loss.cu, sum, false"
    })
    void kernelsThatTakeAMark(String file, String kernel, boolean takes) {
        assertThat(new KernelSources().takesMark(file, kernel)).isEqualTo(takes);
    }

    /** A mark is the last parameter, and it is recorded first: after a return some blocks would not record it. */
    @Test
    void aMarkIsRecordedFirst() throws IOException {
        List<String> kernels = new ArrayList<>();
        KernelSources sources = new KernelSources();
        for (String file : files()) {
            Matcher kernel = KERNEL.matcher(sources.text(file));
            while (kernel.find()) {
                boolean takes = kernel.group(2).contains("Mark mark");
                assertThat(sources.takesMark(file, kernel.group(1)))
                        .as(kernel.group(1))
                        .isEqualTo(takes);
                if (takes) {
                    kernels.add(kernel.group(1));
                    assertThat(kernel.group(2).strip())
                            .as(kernel.group(1))
                            .matches("(?s).*\\bMark mark( = kNoMark)?\\)");
                    assertThat(sources.text(file).substring(kernel.end()).strip())
                            .as(kernel.group(1))
                            .startsWith("record(mark);");
                }
            }
        }
        assertThat(kernels).hasSizeGreaterThan(20);
    }

    private static List<String> files() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("..", "..", "cuda-kernels"))) {
            return all.map(f -> f.getFileName().toString())
                    .filter(f -> f.endsWith(".cu"))
                    .sorted()
                    .toList();
        }
    }
}
