package org.lamella.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepQueueTest {

    private final List<String> calls = new ArrayList<>();

    /** A program that records its calls; the loss of a step is its number of samples. */
    private Program program(int ahead) {
        return (Program) Proxy.newProxyInstance(
                Program.class.getClassLoader(), new Class<?>[] {Program.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("ahead")) {
                        return ahead;
                    }
                    int samples = ((StepInput) arguments[0]).samples();
                    calls.add(method.getName() + " " + samples);
                    return method.getName().equals("step") ? (double) samples : null;
                });
    }

    private static StepInput step(int samples) {
        return StepInput.inference(
                samples,
                ByteBuffer.allocateDirect(4).asFloatBuffer(),
                ByteBuffer.allocateDirect(4).asFloatBuffer());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 5})
    void capacityIsTheLookaheadOfTheProgramAndAtLeastOne(int ahead) {
        StepQueue<String> queue = new StepQueue<>(program(ahead));
        int added = 0;
        while (queue.canAdd()) {
            queue.add("", step(++added));
        }
        assertThat(added).isEqualTo(Math.max(1, ahead)).isEqualTo(StepQueue.capacity(program(ahead)));
        assertThatThrownBy(() -> queue.add("", step(1))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void stepsAreAnnouncedAndRunInOrderAndSkippedEntriesAreNot() {
        StepQueue<String> queue = new StepQueue<>(program(3));
        queue.add("a", step(1));
        queue.skip("b");
        queue.add("c", step(3));
        assertThat(queue.run()).isEqualTo(new StepQueue.Done<>("a", 1));
        assertThat(queue.run()).isEqualTo(new StepQueue.Done<>("b", 0));
        queue.add("d", step(4));
        queue.finish();
        assertThat(calls).containsExactly("prepare 1", "prepare 3", "step 1", "prepare 4", "step 3", "step 4");
        assertThat(queue.isEmpty()).isTrue();
        assertThatThrownBy(queue::run).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void abandonedStepsAreNotRun() {
        StepQueue<String> queue = new StepQueue<>(program(2));
        queue.add("a", step(1));
        queue.abandon();
        queue.finish();
        assertThat(calls).containsExactly("prepare 1");
    }
}
