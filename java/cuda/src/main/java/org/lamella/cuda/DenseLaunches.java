package org.lamella.cuda;

import java.util.Map;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.javacpp.FloatPointer;
import org.lamella.plan.Op;
import org.lamella.plan.Slot;
import org.lamella.plan.Work;

/** Turns dense layers into launches: of cuBLAS, or of a kernel of ours on a GPU that has none. */
final class DenseLaunches {

    private static final int THREADS = KernelSizes.DENSE_SIDE * KernelSizes.DENSE_SIDE;
    private static final KernelVariant KERNEL = new KernelVariant("dense.cu", Map.of());

    private final OperatorLaunches launches;
    private final GpuContext gpu;

    DenseLaunches(OperatorLaunches launches, GpuContext gpu) {
        this.launches = launches;
        this.gpu = gpu;
    }

    /**
     * A matrix on the GPU, row by row.
     *
     * @param at its address
     * @param row floats from one row to the next
     * @param turned whether its transpose is meant
     */
    private record Matrix(long at, int row, boolean turned) {

        long rowStride() {
            return turned ? 1 : row;
        }

        long columnStride() {
            return turned ? row : 1;
        }
    }

    private Matrix matrix(Op op, Slot slot, boolean turned) {
        return new Matrix(launches.address(op, slot), OperatorLaunches.stride(op, slot), turned);
    }

    /** Weights, and their gradients, lie outputs x inputs. */
    private Matrix weights(Op op, Slot slot, boolean turned) {
        return new Matrix(launches.address(op, slot), op.work(Work.Dense.class).inputs(), turned);
    }

    /** y = act(x w' + b). */
    void forward(Op op) {
        Work.Dense work = op.work(Work.Dense.class);
        int in = work.inputs();
        int out = work.outputs();
        multiply(
                op,
                launches.samples(),
                out,
                in,
                matrix(op, Slot.X, false),
                weights(op, Slot.WEIGHT, true),
                false,
                matrix(op, Slot.Y, false));
        launches.activate(op, out, 1, Slot.Y, launches.address(op, Slot.BIAS));
    }

    /** dw = dy' x, db = sums of dy, dx = dy w. */
    void backward(Op op) {
        Work.Dense work = op.work(Work.Dense.class);
        int in = work.inputs();
        int out = work.outputs();
        int samples = launches.samples();
        multiply(
                op,
                out,
                in,
                samples,
                matrix(op, Slot.DY, true),
                matrix(op, Slot.X, false),
                false,
                weights(op, Slot.DWEIGHT, false));
        launches.sums(
                "elementwise.cu",
                "bias_gradient",
                out,
                samples,
                new Arguments()
                        .integer(samples)
                        .integer(1)
                        .address(launches.address(op, Slot.DY))
                        .whole(OperatorLaunches.stride(op, Slot.DY))
                        .address(launches.address(op, Slot.DBIAS)));
        if (op.has(Slot.DX)) {
            multiply(
                    op,
                    samples,
                    in,
                    out,
                    matrix(op, Slot.DY, false),
                    weights(op, Slot.WEIGHT, false),
                    op.accumulate(),
                    matrix(op, Slot.DX, false));
        }
    }

    /** c = a b, or c += a b: m x n, sums of k terms. */
    private void multiply(Op op, int m, int n, int k, Matrix a, Matrix b, boolean accumulate, Matrix c) {
        if (gpu.blas().refusal() == null) {
            launches.add(byBlas(op, m, n, k, a, b, accumulate, c));
        } else {
            launches.launch(
                    KERNEL,
                    "matrix_product",
                    OperatorLaunches.blocks(n, KernelSizes.DENSE_TILE),
                    OperatorLaunches.blocks(m, KernelSizes.DENSE_TILE),
                    1,
                    THREADS,
                    new Arguments()
                            .integer(m)
                            .integer(n)
                            .integer(k)
                            .integer(accumulate ? 1 : 0)
                            .address(a.at)
                            .whole(a.rowStride())
                            .whole(a.columnStride())
                            .address(b.at)
                            .whole(b.rowStride())
                            .whole(b.columnStride())
                            .address(c.at)
                            .whole(c.row));
        }
    }

    /** cuBLAS has matrices column by column, which are the transposes of ours: c' = b' a'. */
    private Launch byBlas(Op op, int m, int n, int k, Matrix a, Matrix b, boolean accumulate, Matrix c) {
        FloatPointer one = new FloatPointer(1).put(1);
        FloatPointer kept = new FloatPointer(1).put(accumulate ? 1 : 0);
        FloatPointer pa = new DevicePointer(a.at);
        FloatPointer pb = new DevicePointer(b.at);
        FloatPointer pc = new DevicePointer(c.at);
        int turnB = b.turned ? cublas.CUBLAS_OP_T : cublas.CUBLAS_OP_N;
        int turnA = a.turned ? cublas.CUBLAS_OP_T : cublas.CUBLAS_OP_N;
        return new Launch() {
            @Override
            public void run() {
                int result = cublas.cublasSgemm_v2(
                        gpu.blas().handle(), turnB, turnA, n, m, k, one, pb, b.row, pa, a.row, kept, pc, c.row);
                if (result != cublas.CUBLAS_STATUS_SUCCESS) {
                    Checks.blas(
                            result,
                            "cublasSgemm(" + n + " x " + m + " x " + k + ") of " + op.layer() + " on " + gpu.name());
                }
            }

            @Override
            public void close() {
                one.close();
                kept.close();
            }
        };
    }
}
