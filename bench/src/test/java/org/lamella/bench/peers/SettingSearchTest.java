package org.lamella.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lamella.bench.peers.PeerSetting.Axis;
import org.lamella.bench.peers.PeerSetting.Choice;

class SettingSearchTest {

    private static final List<Axis> AXES = List.of(
            new Axis("layout", List.of(Choice.AS_IT_COMES, Choice.arguments("channels last", "layout=last"))),
            new Axis(
                    "wait",
                    List.of(
                            Choice.AS_IT_COMES,
                            Choice.environment("passive", Map.of("WAIT", "passive")),
                            Choice.environment("broken", Map.of("WAIT", "broken")))));

    /** Training likes channels last, inference does not; both like to wait passively; one setting does not run. */
    private static SettingSearch.Rates rates(PeerSetting s) {
        boolean last = s.arguments().contains("layout=last");
        if ("broken".equals(s.environment().get("WAIT"))) {
            return null;
        }
        boolean passive = s.environment().containsKey("WAIT");
        return new SettingSearch.Rates(
                100 + (last ? 50 : 0) + (passive ? 10 : 0), 200 - (last ? 50 : 0) + (passive ? 10 : 0));
    }

    @Test
    void findsTheBestForEachModeAndTriesNothingTwice() throws IOException {
        List<PeerSetting> tried = new ArrayList<>();
        SettingSearch.Found found = new SettingSearch(
                        s -> {
                            tried.add(s);
                            return rates(s);
                        },
                        s -> {})
                .search(AXES);
        assertThat(found.train().name()).isEqualTo("channels last, passive");
        assertThat(found.infer().name()).isEqualTo("passive");
        assertThat(found.outOfTheBox()).isEqualTo(new SettingSearch.Rates(100, 200));
        assertThat(tried).doesNotHaveDuplicates().hasSize(found.trials());
    }

    @Test
    void aPeerThatDoesNotRunWithItsDefaultsIsAnError() {
        assertThatThrownBy(() -> new SettingSearch(s -> null, s -> {}).search(AXES))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("default settings");
    }

    @Test
    void settingsHaveNamesVariablesAndArguments() {
        assertThat(PeerSetting.outOfTheBox(AXES).name()).isEqualTo("out of the box");
        assertThat(PeerSetting.PLAIN.arguments()).isEmpty();
        assertThat(PeerSetting.option(new String[] {"mlp", "layout=last", "fuse="}, "layout", "first"))
                .isEqualTo("last");
        assertThat(PeerSetting.option(new String[] {"fuse="}, "fuse", "no")).isEmpty();
        assertThat(PeerSetting.option(new String[0], "fuse", "no")).isEqualTo("no");
    }

    @Test
    void noPeerMayUseMoreThreadsThanItIsGiven() {
        for (Peer peer : Peer.values()) {
            PeerSetting start = PeerSetting.outOfTheBox(peer.axes(3));
            assertThat(start.environment()).containsEntry("OMP_NUM_THREADS", "3");
            assertThat(start.name()).isEqualTo("out of the box");
            Axis threads = peer.axes(3).get(peer.axes(3).size() - 1);
            assertThat(threads.choices())
                    .extracting(c -> c.environment().get("OMP_NUM_THREADS"))
                    .containsExactly("3", "1");
        }
    }
}
