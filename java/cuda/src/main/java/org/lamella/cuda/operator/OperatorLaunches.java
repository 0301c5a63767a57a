package org.lamella.cuda.operator;

import java.util.List;
import org.lamella.cuda.gpu.CloseHelper;
import org.lamella.cuda.gpu.Launch;
import org.lamella.cuda.library.CudaException;
import org.lamella.plan.ActivationWork;
import org.lamella.plan.ConvolutionWork;
import org.lamella.plan.DenseWork;
import org.lamella.plan.DropoutWork;
import org.lamella.plan.ElementsWork;
import org.lamella.plan.LossWork;
import org.lamella.plan.MaskWork;
import org.lamella.plan.NormWork;
import org.lamella.plan.Op;
import org.lamella.plan.PoolWork;
import org.lamella.plan.UpdateWork;
import org.lamella.plan.Work;

/**
 * Turns the operators of a plan into launches on one GPU, for one number of samples and one place of the input. Finds
 * the class of an operator's family; a family that has none does not compile.
 */
public final class OperatorLaunches implements Work.Visitor<FamilyLaunches> {

    private final Launches launches;
    private final DnnAlgorithms dnn;

    /**
     * For the operators of one place of a plan.
     *
     * @param launches takes what is made
     * @param dnn which passes of convolutions cuDNN computes, and how
     */
    public OperatorLaunches(Launches launches, DnnAlgorithms dnn) {
        this.launches = launches;
        this.dnn = dnn;
    }

    /**
     * The launches of an operator.
     *
     * @param op of the plan
     * @return in order; they are the caller's to close
     * @throws CudaException if a kernel cannot be loaded
     */
    public List<Launch> of(Op op) {
        launches.gpu().use();
        FamilyLaunches family = op.accept(this);
        try {
            if (launches.samples() == 0) {
                family.idle();
            } else {
                family.busy();
            }
        } catch (RuntimeException e) {
            throw CloseHelper.closeAfter(e, () -> CloseHelper.closeAll(launches.take()));
        }
        return launches.take();
    }

    @Override
    public FamilyLaunches convolution(Op op, ConvolutionWork work) {
        return new ConvolutionLaunches(launches, op, work, dnn);
    }

    @Override
    public FamilyLaunches pool(Op op, PoolWork work) {
        return new PoolLaunches(launches, op, work);
    }

    @Override
    public FamilyLaunches activation(Op op, ActivationWork work) {
        return new ActivationLaunches(launches, op, work);
    }

    @Override
    public FamilyLaunches norm(Op op, NormWork work) {
        return new NormLaunches(launches, op, work);
    }

    @Override
    public FamilyLaunches dropout(Op op, DropoutWork work) {
        return new DropoutLaunches(launches, op, work);
    }

    @Override
    public FamilyLaunches mask(Op op, MaskWork work) {
        return new MaskLaunches(launches, op, work);
    }

    @Override
    public FamilyLaunches elements(Op op, ElementsWork work) {
        return new ElementsLaunches(launches, op, work);
    }

    @Override
    public FamilyLaunches dense(Op op, DenseWork work) {
        return new DenseLaunches(launches, op, work);
    }

    @Override
    public FamilyLaunches loss(Op op, LossWork work) {
        return new LossLaunches(launches, op, work);
    }

    @Override
    public FamilyLaunches update(Op op, UpdateWork work) {
        return new UpdateLaunches(launches, op, work);
    }
}
