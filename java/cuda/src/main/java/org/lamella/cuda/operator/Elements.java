package org.lamella.cuda.operator;

import java.util.Arrays;
import java.util.List;
import org.lamella.cuda.compile.KernelSizes;
import org.lamella.cuda.gpu.Arguments;

/**
 * The parts of tensors that an element-wise kernel reads and writes: {@code count} floats of each sample. If its
 * tensors have no gaps between samples, all samples together are one long sample.
 *
 * @param samples 1 or more
 * @param count floats of a sample, 1 or more
 * @param vector floats that a thread loads at a time: 1, or {@link KernelSizes#FLOATS}
 */
record Elements(int samples, int count, int vector) {

    private static final long ALIGNMENT = (long) KernelSizes.FLOATS * Float.BYTES;
    private static final long MAX_JOINED = 1L << 30;

    /**
     * A tensor.
     *
     * @param address of its first sample; 0 if there is none
     * @param stride floats from one sample to the next
     */
    record Map(long address, int stride) {

        private boolean aligned(boolean several) {
            return address % ALIGNMENT == 0 && (!several || stride % KernelSizes.FLOATS == 0);
        }
    }

    /** Of a kernel whose result for an element depends on its position in the sample. */
    static Elements of(int samples, long count, Map... maps) {
        return of(samples, Grid.floats(count, "a sample"), maps(maps));
    }

    /** Of a kernel that treats all elements alike. */
    static Elements joined(int samples, long count, Map... maps) {
        List<Map> all = maps(maps);
        boolean joins = samples * count <= MAX_JOINED && all.stream().allMatch(m -> m.stride == count);
        return joins ? of(1, (int) (samples * count), all) : of(samples, Grid.floats(count, "a sample"), all);
    }

    private static List<Map> maps(Map... maps) {
        return Arrays.stream(maps).filter(m -> m.address != 0).toList();
    }

    private static Elements of(int samples, int count, List<Map> maps) {
        boolean aligned = maps.stream().allMatch(m -> m.aligned(samples > 1));
        return new Elements(samples, count, aligned ? KernelSizes.FLOATS : 1);
    }

    /** Of sums per channel: vectors must not cross planes either. */
    static int planeVector(int plane, Map... maps) {
        boolean aligned = maps(maps).stream().allMatch(m -> m.aligned(true));
        return aligned && plane % KernelSizes.FLOATS == 0 ? KernelSizes.FLOATS : 1;
    }

    /** The threads for {@code count} floats: one for each vector, and for each float after the last vector. */
    static long threads(long count, int vector) {
        return count / vector + count % vector;
    }

    /** The first arguments of such kernels: samples, count, vector. */
    Arguments arguments() {
        return new Arguments().integer(samples).integer(count).integer(vector);
    }

    Grid grid() {
        return Grid.elements(samples, count, vector);
    }
}
