package org.lamella.bench.peers.pytorch;

import static org.bytedeco.pytorch.global.torch.from_blob;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Tensors from Java values. */
final class Tensors {

    private Tensors() {}

    /** A copy of the values. */
    static Tensor of(FloatPointer values, long... shape) {
        return from_blob(values, shape).clone();
    }

    /** Channels last for four dimensions, if wanted. */
    static Tensor layout(Tensor t, boolean channelsLast) {
        return channelsLast && t.dim() == 4 ? t.contiguous(torch.MemoryFormat.ChannelsLast) : t;
    }
}
