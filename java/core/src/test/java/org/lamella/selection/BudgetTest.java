package org.lamella.selection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.lamella.data.FeatureScaling;

/** Which candidates are begun. */
class BudgetTest {

    private final AtomicLong time = new AtomicLong();

    private static Candidate candidate(int number) {
        return new Candidate(FeatureScaling.Method.STANDARD, "n" + number, 1, 0);
    }

    @Test
    void theAnswerForACandidateStays() {
        Budget budget = new Budget(Duration.ofNanos(10), time::get);
        assertThat(budget.allows(candidate(1), 1)).isTrue();
        time.set(8);
        budget.took(8, 1);
        assertThat(budget.allows(candidate(2), 1)).isFalse();
        assertThat(budget.allows(candidate(1), 1)).isTrue();
        time.set(0);
        assertThat(budget.allows(candidate(2), 1)).isFalse();
        assertThat(budget.allows(candidate(3), 2))
                .as("two networks, one after the other")
                .isFalse();
    }

    @Test
    void withoutALimitAllAreBegun() {
        Budget budget = new Budget(null, time::get);
        budget.took(Long.MAX_VALUE / 2, 1);
        time.set(Long.MAX_VALUE / 2);
        assertThat(budget.allows(candidate(1), 2)).isTrue();
        assertThat(budget.allows(candidate(2), 2)).isTrue();
    }

    /** With networks that all take the same time, the budget is kept, but for the first one. */
    @Property
    void theBudgetIsKept(
            @ForAll @LongRange(min = 1, max = 1000) long limit,
            @ForAll @LongRange(min = 1, max = 300) long each,
            @ForAll @IntRange(max = 20) int more) {
        AtomicLong now = new AtomicLong();
        Budget budget = new Budget(Duration.ofNanos(limit), now::get);
        int done = 0;
        for (int i = 0; i <= more; i++) {
            if (budget.allows(candidate(i), 1)) {
                now.addAndGet(each);
                budget.took(each, 1);
                done++;
            }
        }
        assertThat(done).isEqualTo((int) Math.max(1, Math.min(more + 1L, limit / each)));
    }
}
