package org.lamella.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OldKeysTest {

    @Test
    void keysBecomeSnakeCaseAndLinesStay() {
        assertThat(OldKeys.replaced("""
                        {"kernelH": 3,
                         "padW" :1, "samplesPerSecond": {"microF1": 0.5}}""")).isEqualTo("""
                        {"kernel_h": 3,
                         "pad_w" :1, "samples_per_second": {"micro_f1": 0.5}}""");
    }

    @Test
    void valuesAndNewKeysStay() {
        String json = """
                {"name": "kernelH", "kernel_h": ["padW", "padW"], "text": "a \\"kernelH\\": 1", "LSTM": 1,
                 "x": "\\"padW\\":"}""";
        assertThat(OldKeys.replaced(json)).isEqualTo(json);
    }

    /** The keys that old files have are those that records had before the mapper named them. */
    @Test
    void oldKeysBecomeThoseThatTheMapperWrites() {
        record Old(int bestEpoch, double microF1, double validationLoss, int strideW) {}

        String now = Json.mapper().valueToTree(new Old(1, 0.5, 2, 3)).toString();
        assertThat(OldKeys.replaced("{\"bestEpoch\":1,\"microF1\":0.5,\"validationLoss\":2.0,\"strideW\":3}"))
                .isEqualTo(now);
    }
}
