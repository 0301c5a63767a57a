package org.lamella.cuda.operator;

import java.util.Map;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.javacpp.FloatPointer;
import org.lamella.cuda.compile.KernelSizes;
import org.lamella.cuda.compile.KernelVariant;
import org.lamella.cuda.gpu.Arguments;
import org.lamella.cuda.gpu.DevicePointer;
import org.lamella.cuda.gpu.GpuContext;
import org.lamella.cuda.gpu.Launch;
import org.lamella.cuda.library.Checks;
import org.lamella.plan.DenseWork;
import org.lamella.plan.Op;
import org.lamella.plan.OpKind;
import org.lamella.plan.Slot;

/** Turns dense layers into launches: of cuBLAS, or of our own kernel where cuBLAS is missing. */
final class DenseLaunches extends FamilyLaunches {

    private static final int THREADS = KernelSizes.DENSE_THREADS;
    private static final KernelVariant KERNEL = new KernelVariant("dense.cu", Map.of());

    private final DenseWork work;

    DenseLaunches(Launches launches, Op op, DenseWork work) {
        super(launches, op);
        this.work = work;
    }

    @Override
    void busy() {
        switch (op().kind()) {
            case DENSE -> forward();
            case DENSE_BACKWARD -> backward();
            default -> throw unknown();
        }
    }

    @Override
    void idle() {
        if (op().kind() == OpKind.DENSE_BACKWARD) {
            launches().zero(address(Slot.DWEIGHT), work.weights() * Float.BYTES);
            launches().zero(address(Slot.DBIAS), (long) work.outputs() * Float.BYTES);
        }
    }

    /**
     * A matrix on the GPU, in row-major order.
     *
     * @param at its address
     * @param row floats from one row to the next
     * @param transposed whether its transpose is meant
     */
    private record Matrix(long at, int row, boolean transposed) {

        Matrix transpose() {
            return new Matrix(at, row, !transposed);
        }

        long rowStride() {
            return transposed ? 1 : row;
        }

        long columnStride() {
            return transposed ? row : 1;
        }
    }

    private Matrix matrix(Slot slot) {
        return new Matrix(address(slot), stride(slot), false);
    }

    /** Weights and their gradients have shape outputs x inputs. */
    private Matrix weights(Slot slot) {
        return new Matrix(address(slot), work.inputs(), false);
    }

    /** y = act(x w' + b). */
    private void forward() {
        multiply(
                samples(),
                work.outputs(),
                work.inputs(),
                matrix(Slot.X),
                weights(Slot.WEIGHT).transpose(),
                false,
                matrix(Slot.Y));
        BiasLaunches.forward(launches(), op(), work.activation(), work.outputs(), 1, Slot.Y, address(Slot.BIAS));
    }

    /** db = sums of dy, dw = dy' x, dx = dy w. */
    private void backward() {
        BiasLaunches.gradient(launches(), op(), work.outputs(), 1);
        multiply(
                work.outputs(),
                work.inputs(),
                samples(),
                matrix(Slot.DY).transpose(),
                matrix(Slot.X),
                false,
                weights(Slot.DWEIGHT));
        if (op().has(Slot.DX)) {
            multiply(
                    samples(),
                    work.inputs(),
                    work.outputs(),
                    matrix(Slot.DY),
                    weights(Slot.WEIGHT),
                    op().accumulate(),
                    matrix(Slot.DX));
        }
    }

    /** c = a b, or c += a b: m x n, sums of k terms. */
    private void multiply(int m, int n, int k, Matrix a, Matrix b, boolean accumulate, Matrix c) {
        if (launches().gpu().blas().refusal() == null) {
            launches().add(byBlas(m, n, k, a, b, accumulate, c));
        } else {
            launches()
                    .launch(
                            KERNEL,
                            "matrix_product",
                            Launches.blocks(n, KernelSizes.DENSE_TILE),
                            Launches.blocks(m, KernelSizes.DENSE_TILE),
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

    /** Matrices of cuBLAS are in column-major order, thus the transposes of ours: c' = b' a'. */
    private Launch byBlas(int m, int n, int k, Matrix a, Matrix b, boolean accumulate, Matrix c) {
        GpuContext gpu = launches().gpu();
        FloatPointer one = new FloatPointer(1).put(1);
        FloatPointer kept = new FloatPointer(1).put(accumulate ? 1 : 0);
        FloatPointer pa = new DevicePointer(a.at);
        FloatPointer pb = new DevicePointer(b.at);
        FloatPointer pc = new DevicePointer(c.at);
        int operationB = b.transposed ? cublas.CUBLAS_OP_T : cublas.CUBLAS_OP_N;
        int operationA = a.transposed ? cublas.CUBLAS_OP_T : cublas.CUBLAS_OP_N;
        return new Launch() {
            @Override
            public void run() {
                int result = cublas.cublasSgemm_v2(
                        gpu.blas().handle(),
                        operationB,
                        operationA,
                        n,
                        m,
                        k,
                        one,
                        pb,
                        b.row,
                        pa,
                        a.row,
                        kept,
                        pc,
                        c.row);
                if (result != cublas.CUBLAS_STATUS_SUCCESS) {
                    Checks.blas(
                            result,
                            "cublasSgemm(" + n + " x " + m + " x " + k + ") of " + op().layer() + " on " + gpu.name());
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
