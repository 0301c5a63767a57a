package org.lamella.cuda.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes on which Java and the kernel files must agree. */
class KernelSizesTest {

    private static final Pattern DEFAULT = Pattern.compile("#ifndef (\\w+)\\n(?:#define \\w+ \\d+.*\\n)+#endif");
    private static final Pattern NUMBER = Pattern.compile("#define (\\w+) (\\d+)");

    /** The gates compile a file alone, with its defaults: they must prove what runs. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "convolution_forward.cu",
                "convolution_rows_forward.cu",
                "convolution_backward_data.cu",
                "convolution_backward_filter.cu",
                "convolution_pool_backward_data.cu",
                "convolution_pool_backward_filter.cu",
                "convolution_pool_backward_filter_few.cu",
                "convolution_gemm_forward.cu",
                "convolution_gemm_backward_data.cu",
                "convolution_gemm_backward_filter.cu",
                "dense.cu",
                "peak.cu"
            })
    void theDefaultsOfAFileAreJavas(String file) throws IOException {
        Map<String, Integer> sizes = new TreeMap<>(KernelSizes.of(file));
        for (KernelStructure structure : KernelStructure.values()) {
            assertThat(sizes.remove(structure.constant())).isEqualTo(structure.bytes());
        }
        assertThat(sizes).isNotEmpty();
        Map<String, Integer> defaults = new TreeMap<>();
        Matcher block =
                DEFAULT.matcher(new KernelSources().text(KernelSources.HEADER) + new KernelSources().text(file));
        while (block.find()) {
            Matcher number = NUMBER.matcher(block.group());
            while (number.find()) {
                defaults.put(number.group(1), Integer.valueOf(number.group(2)));
            }
        }
        assertThat(defaults).containsAllEntriesOf(sizes);
    }

    @Test
    void aVariantsOwnConstantsWin() {
        KernelVariant row = new KernelVariant("convolution_forward.cu", Map.of("PATCH_H", 1, "PATCH_W", 4));
        assertThat(row.options())
                .contains("-DPATCH_H=1", "-DPATCH_W=4", "-DTHREADS=128", "-DSTEP_STATE_BYTES=40")
                .doesNotContain("-DPATCH_H=2");
        assertThat(row).hasToString("convolution_forward.cu -DPATCH_H=1 -DPATCH_W=4");
    }
}
