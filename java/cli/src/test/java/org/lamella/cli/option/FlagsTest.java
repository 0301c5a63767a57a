package org.lamella.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lamella.cli.command.DevicesCommand;
import org.lamella.cli.command.TrainCommand;
import org.lamella.cli.report.Json;
import org.lamella.finding.Finding;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Messages of the engine name existing flags. */
class FlagsTest {

    private static final Set<String> OF_TRAIN = new CommandLine(new TrainCommand())
            .getCommandSpec().options().stream().map(OptionSpec::longestName).collect(Collectors.toSet());

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DEVICE_REPORT")
    void everySettingIsAFlagOfTrain(Setting setting) {
        assertThat(OF_TRAIN).contains(Flags.of(setting));
    }

    @Test
    void theReportOfDevicesIsACommand() {
        assertThat(Flags.of(Setting.DEVICE_REPORT)).isEqualTo("devices --verbose");
        assertThat(new CommandLine(new DevicesCommand()).getCommandSpec().optionsMap())
                .containsKey("--verbose");
    }

    @Test
    void findingsInJsonNameFlags() {
        Finding finding = new Finding(
                Finding.Code.RAW_CODES, Phrase.of("raw"), Phrase.format("keep %s standard", Setting.SCALING));
        assertThat(Json.pretty(finding)).isEqualTo("\"raw; keep --scale standard\"");
    }
}
