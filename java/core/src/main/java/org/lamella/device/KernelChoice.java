package org.lamella.device;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whose kernel computes a pass of a convolution, and why.
 *
 * @param device the GPU
 * @param layer the convolution with what is fused to it
 * @param pass forward, filter or data
 * @param maker own or cudnn
 * @param algorithm cuDNN's name for its algorithm; null for the engine's own kernel
 * @param own microseconds that the engine's own kernel takes; NaN if it was not measured
 * @param cudnn microseconds that the fastest algorithm of cuDNN takes; NaN if none was measured
 * @param reason in words
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
     * A table of choices for people.
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
     * In one line: each pass, or how many passes are whose if they are many.
     *
     * @param choices as {@link Program#kernels} returned them
     * @return one line
     */
    public static String summary(List<KernelChoice> choices) {
        long cudnn = choices.stream().filter(c -> c.algorithm != null).count();
        if (choices.size() > MAX_LISTED) {
            return String.format(
                    Locale.ROOT,
                    "convolutions: %d passes by kernels of ours, %d by cuDNN; report.html has each",
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
