package org.lamella.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;

/** The networks that bench/gpu measures in PyTorch and models are the zoo's. */
class GpuNetworksTest {

    private static final Path DESCRIPTION =
            Path.of("gpu", "zoo.py").toAbsolutePath().normalize();

    @Test
    void networksInPythonHaveTheZoosParametersAndArithmetic() throws Exception {
        JsonNode networks = describe();
        assertThat(networks.size()).isEqualTo(5);
        networks.properties().forEach(n -> {
            JsonNode described = n.getValue();
            Network network = Zoo.create(
                    described.path("net").asText(),
                    Shape.parse(described.path("input").asText()),
                    described.path("labels").asInt());
            assertThat(described.path("parameters").asLong()).as(n.getKey()).isEqualTo(network.parameterCount());
            assertThat(described.path("forward_gflop").asDouble())
                    .as(n.getKey())
                    .isCloseTo(DenseArithmetic.forwardGflop(network), within(1e-9));
        });
    }

    private static JsonNode describe() throws IOException, InterruptedException {
        Process python;
        try {
            python = new ProcessBuilder("python3", "-B", DESCRIPTION.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "skipped: there is no python3");
            throw e;
        }
        // All of it: a reader that ends with the JSON would close the pipe before Python has ended its last line.
        JsonNode networks = new ObjectMapper().readTree(python.getInputStream().readAllBytes());
        assertThat(python.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(python.exitValue()).isZero();
        return networks;
    }
}
