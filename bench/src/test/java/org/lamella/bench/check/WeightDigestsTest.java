package org.lamella.bench.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamella.cpu.CpuDevice;
import org.lamella.network.Zoo;

/**
 * The weights of every network of the zoo after 50 steps, to the bit. A change that only moves or renames code changes
 * none of them. A change of a sum's order or of a rounding may change them: then the lines that the failure prints
 * replace those of {@code weight-digests.txt}, in a commit that explains it.
 */
class WeightDigestsTest {

    private static final int STEPS = 50;
    private static final String FILE = "weight-digests.txt";

    static Stream<String> isas() {
        return CpuDevice.isas().stream();
    }

    /**
     * Compilers round differently (they choose which products and sums become one instruction), so each has digests of
     * its own.
     */
    private static String key(String isa, String network) {
        return CpuDevice.compiler().replace(' ', '-') + " " + isa + " " + network;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("isas")
    void weightsAreTheSameToTheBit(String isa) throws IOException {
        Map<String, String> kept = kept();
        assumeTrue(
                kept.containsKey(key(isa, "mlp")),
                () -> "no digests are kept for " + CpuDevice.compiler() + " at " + isa
                        + ": to compare two versions with this compiler, add what the older one prints to " + FILE
                        + ":\n" + lines(actual(isa)));
        Map<String, String> actual = actual(isa);
        kept.keySet().retainAll(actual.keySet());
        assertThat(actual)
                .as("weights after %d steps; they are now\n%s", STEPS, lines(actual))
                .isEqualTo(kept);
    }

    /** A digest that did not depend on the weights would prove nothing. */
    @Test
    void oneStepMoreGivesAnotherDigest() {
        String isa = CpuDevice.isas().get(0);
        assertThat(digest(isa, "linear", STEPS + 1)).isNotEqualTo(digest(isa, "linear", STEPS));
    }

    private static Map<String, String> actual(String isa) {
        Map<String, String> digests = new TreeMap<>();
        for (String network : Zoo.NAMES) {
            digests.put(key(isa, network), digest(isa, network, STEPS));
        }
        return digests;
    }

    private static String digest(String isa, String network, int steps) {
        TrainingRun run = TrainingRun.of(new CpuDevice(isa, 2), true, TrainingCheck.ofZoo(network), steps, note -> {});
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes(run.parameters()));
            digest.update(bytes(run.statistics()));
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has SHA-256
        }
    }

    private static byte[] bytes(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    private static String lines(Map<String, String> digests) {
        return digests.entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue())
                .collect(Collectors.joining("\n"));
    }

    private static Map<String, String> kept() throws IOException {
        try (InputStream in = WeightDigestsTest.class.getResourceAsStream(FILE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(Collectors.toMap(
                            line -> line.substring(0, line.lastIndexOf(' ')),
                            line -> line.substring(line.lastIndexOf(' ') + 1),
                            (a, b) -> a,
                            TreeMap::new));
        }
    }
}
