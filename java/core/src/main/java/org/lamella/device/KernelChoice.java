package org.lamella.device;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.lamella.backend.Program;

/**
 * The kernel that was chosen for a pass of a convolution, and the reason.
 *
 * @param device the GPU
 * @param layer the convolution with its fused layers
 * @param pass forward, filter or data
 * @param maker own or cudnn
 * @param algorithm cuDNN's name for its algorithm; null for the engine's own kernel
 * @param own time of the engine's own kernel in microseconds; NaN if it was not measured
 * @param cudnn time of cuDNN's fastest algorithm in microseconds; NaN if none was measured
 * @param reason the reason, in words
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record KernelChoice(
        String device,
        String layer,
        String pass,
        @JsonProperty("kernels") String maker,
        @Nullable String algorithm,
        @JsonProperty("own_us") double own,
        @JsonProperty("cudnn_us") double cudnn,
        String reason) {

    private static final int MAX_LISTED = 12;

    /**
     * A table of choices for reports.
     *
     * @param choices as {@link Program#kernels} returned them
     * @return a heading and one line per choice; empty for none
     */
    public static List<String> table(List<KernelChoice> choices) {
        List<String> lines = new ArrayList<>();
        if (!choices.isEmpty()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%-8s %-22s %-8s %-34s %10s %10s  %s",
                    "device",
                    "convolution",
                    "pass",
                    "kernel",
                    "own us",
                    "cudnn us",
                    "why"));
        }
        for (KernelChoice c : choices) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%-8s %-22s %-8s %-34s %10s %10s  %s",
                    c.device,
                    c.layer,
                    c.pass,
                    c.algorithm == null ? c.maker : c.maker + " " + c.algorithm,
                    number(c.own),
                    number(c.cudnn),
                    c.reason));
        }
        return lines;
    }

    /**
     * A summary: each pass, or the number of passes per maker if there are more than 12 passes.
     *
     * @param choices as {@link Program#kernels} returned them
     * @return one line
     */
    public static String summary(List<KernelChoice> choices) {
        long cudnn = choices.stream().filter(c -> c.algorithm != null).count();
        if (choices.size() > MAX_LISTED) {
            return String.format(
                    Locale.ROOT,
                    "convolutions: %d passes by own kernels, %d by cuDNN; report.html lists each",
                    choices.size() - cudnn,
                    cudnn);
        }
        return "convolutions: "
                + choices.stream()
                        .map(c -> c.device + " " + c.layer + " " + c.pass + " "
                                + (c.algorithm == null ? c.maker : c.maker + " " + c.algorithm))
                        .collect(Collectors.joining(", "));
    }

    private static String number(double microseconds) {
        return Double.isNaN(microseconds) ? "-" : String.format(Locale.ROOT, "%.1f", microseconds);
    }
}
