package org.lamella.cuda.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Everything is closed, in order, and the first failure comes out. */
class CloseHelperTest {

    private final List<String> closed = new ArrayList<>();

    private AutoCloseable good(String name) {
        return () -> closed.add(name);
    }

    private AutoCloseable bad(String name, Exception failure) {
        return () -> {
            closed.add(name);
            throw failure;
        };
    }

    @Test
    void allAreClosedAndTheFirstFailureComesOut() {
        RuntimeException first = new IllegalStateException("first");
        Exception second = new Exception("second");
        assertThatThrownBy(() -> CloseHelper.closeAll(good("a"), bad("b", first), null, bad("c", second), good("d")))
                .isSameAs(first)
                .satisfies(e -> assertThat(e.getSuppressed())
                        .singleElement()
                        .extracting(Throwable::getCause)
                        .isSameAs(second));
        assertThat(closed).containsExactly("a", "b", "c", "d");
    }

    @Test
    void theFailureBeforeIsTheOneThatComesOut() {
        RuntimeException before = new IllegalStateException("before");
        RuntimeException closing = new IllegalStateException("closing");
        assertThat(CloseHelper.closeAfter(before, bad("a", closing), good("b"))).isSameAs(before);
        assertThat(before.getSuppressed()).containsExactly(closing);
        assertThat(closed).containsExactly("a", "b");
    }
}
