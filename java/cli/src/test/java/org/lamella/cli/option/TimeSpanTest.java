package org.lamella.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Times on the command line. */
class TimeSpanTest {

    @ParameterizedTest
    @CsvSource({
        "90s,90000,90s",
        "5m,300000,5m",
        "1h,3600000,1h",
        "60m,3600000,1h",
        "1.5h,5400000,90m",
        "0.001s,1,0.001s"
    })
    void areReadAndWritten(String text, long millis, String written) {
        Duration time = new TimeSpan().convert(text);
        assertThat(time.toMillis()).isEqualTo(millis);
        assertThat(TimeSpan.text(time)).isEqualTo(written);
        assertThat(new TimeSpan().convert(written)).isEqualTo(time);
    }
}
