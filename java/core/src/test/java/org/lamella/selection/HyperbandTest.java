package org.lamella.selection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.lamella.selection.Hyperband.Bracket;
import org.lamella.selection.Hyperband.Rung;

/** The brackets of Hyperband. */
class HyperbandTest {

    /** Table 1 of Li et al. (2018): 81 units, a third is kept. */
    @Test
    void theBracketsOfThePaper() {
        assertThat(Hyperband.pass(81)).isEqualTo(81 + 34 + 15 + 8 + 5);
        assertThat(Hyperband.brackets(81, Hyperband.pass(81)))
                .containsExactly(
                        new Bracket(List.of(
                                new Rung(81, 1), new Rung(27, 3), new Rung(9, 9), new Rung(3, 27), new Rung(1, 81))),
                        new Bracket(List.of(new Rung(34, 3), new Rung(11, 9), new Rung(3, 27), new Rung(1, 81))),
                        new Bracket(List.of(new Rung(15, 9), new Rung(5, 27), new Rung(1, 81))),
                        new Bracket(List.of(new Rung(8, 27), new Rung(2, 81))),
                        new Bracket(List.of(new Rung(5, 81))));
    }

    @Property
    void everyBracketEndsWithAllEpochsAndIsHalved(
            @ForAll @IntRange(min = 1, max = 300) int epochs,
            @ForAll @IntRange(min = 1, max = 400) int configurations) {
        List<Bracket> brackets = Hyperband.brackets(epochs, configurations);
        assertThat(brackets.stream().mapToInt(Bracket::configurations).sum()).isEqualTo(configurations);
        for (Bracket bracket : brackets) {
            List<Rung> rungs = bracket.rungs();
            assertThat(rungs.get(rungs.size() - 1).epochs()).isEqualTo(epochs);
            for (int i = 1; i < rungs.size(); i++) {
                assertThat(rungs.get(i).epochs()).isGreaterThan(rungs.get(i - 1).epochs());
                assertThat(rungs.get(i).configurations())
                        .isPositive()
                        .isLessThanOrEqualTo(rungs.get(i - 1).configurations() / Hyperband.ETA + 1)
                        .isLessThan(rungs.get(i - 1).configurations());
            }
        }
    }

    /** No bracket costs much more than the first: at most as many epochs, but for rounding. */
    @Property
    void aPassIsAsLongAsItsBracketsTogether(@ForAll @IntRange(min = 1, max = 300) int epochs) {
        List<Bracket> brackets = Hyperband.brackets(epochs, Hyperband.pass(epochs));
        for (Bracket bracket : brackets) {
            int cost = bracket.rungs().stream()
                    .mapToInt(r -> r.configurations() * r.epochs())
                    .sum();
            assertThat(cost).isLessThanOrEqualTo(2 * (brackets.size() + 1) * epochs);
        }
        assertThat(brackets.get(brackets.size() - 1).rungs()).hasSize(1);
    }
}
