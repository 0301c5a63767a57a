"""A training step as Lamella runs it on one GPU: its kernels with modelled times, its launches and marks."""
import convolutions
import roofline
import zoo

# Share of a node's cost that does not overlap with the kernels before it.
EXPOSED = 0.6


class StepModel:
    """`parts`: name and microseconds of kernels; `kernels`: own, cudnn, or auto, the faster of both."""

    def __init__(self, gpu, name, kernels):
        self.gpu, self.kernels = gpu, kernels
        self.network = zoo.NETWORKS[name]
        self.parts = []
        self.launches = 2  # the loss, and its sum
        self.marks = 4  # of those, of the updates, and at the end
        self._batch = self.network.batch
        self._updates = 0
        self._walk(self.network.layers, self.network.shape, True)
        self._update()

    @property
    def us(self):
        """Times of one step."""
        nodes = self.launches * EXPOSED + self.marks
        return sum(us for _, us in self.parts) + nodes * self.gpu.node_us + self.gpu.host_us

    @property
    def samples_per_s(self):
        return self._batch / self.us * 1e6

    def _add(self, name, us, launches=1, marks=1):
        self.parts.append((name, us))
        self.launches += launches
        self.marks += marks

    def _walk(self, layers, shape, first):
        """Layers with the layers fused to them; `first` needs no gradient of its input."""
        steps = zoo.chain(layers, shape)
        while steps:
            layer, before, after = steps[0]
            following = [s[0][0] for s in steps[1:4]] + [""] * 3
            used = 1
            if layer[0] == "concat":
                for branch in layer[1:]:
                    self._walk(branch, before, False)
            elif layer[0] == "conv":
                used = self._convolution(layer, before, steps[1:], first)
            elif layer[0] == "dense":
                self._dense(layer, before, first, following[0] in ("tanh", "relu"))
                used = 2 if following[0] in ("tanh", "relu") else 1
            elif layer[0] == "norm":
                self._norm(after)
                used = 2 if following[0] == "relu" else 1
            else:
                self._other(layer, before, after)
            first = first and layer[0] == "flatten"
            steps = steps[used:]

    def _convolution(self, layer, before, following, first):
        """The layers that it takes: itself, an activation, a max pool that does not overlap."""
        _, filters, kernel_h, kernel_w, stride, pad_h, pad_w = layer
        active = bool(following) and following[0][0][0] in ("tanh", "relu")
        pool = following[1][0] if active and len(following) > 1 else ("",)
        fused = pool[0] == "maxpool" and pool[1:3] == pool[3:5] and pool[5] == 0
        c = convolutions.Convolution(
            self._batch, *before, filters, kernel_h, kernel_w, stride, pad_h, pad_w, *(pool[1:3] if fused else ())
        )
        self._convolution_passes(c, first)
        outputs = self._batch * filters * c.pooled_h * c.pooled_w
        plane = self._batch * c.pooled_h * c.pooled_w
        latency = self.gpu.pick(520, 700)
        self._add(
            "bias gradient", roofline.reduction_us(self.gpu, filters, plane, 62, 2, latency, 4.0 * outputs), marks=0
        )
        if active:
            self._add("activation backward", roofline.elementwise_us(self.gpu, outputs, 75, 12))
        self._updates += 2
        return 1 + active + fused

    def _convolution_passes(self, c, first):
        names = ["filter"] if first else ["filter", "data"]
        own = {p: roofline.PASSES[p](self.gpu, c) for p in ["forward"] + names}
        dnn = {p: roofline.cudnn_us(self.gpu, c, p) for p in own}
        around = roofline.around_cudnn_us(self.gpu, c) / 2
        forward = self._chosen(own["forward"], dnn["forward"] + around)
        backward = self._chosen(sum(own[p] for p in names), sum(dnn[p] for p in names) + around)
        self._add("convolution forward", forward)
        self._add("convolution backward", backward, 1 + len(names))

    def _chosen(self, own, cudnn):
        return {"own": own, "cudnn": cudnn, "auto": min(own, cudnn)}[self.kernels]

    def _dense(self, layer, before, first, active):
        inputs, outputs, batch = before[0] * before[1] * before[2], layer[1], self._batch
        weights, maps = 4.0 * inputs * outputs, 4.0 * batch * (inputs + outputs)
        gpu = self.gpu
        self._add(
            "dense forward",
            roofline.product_us(gpu, outputs, batch, inputs, weights + maps)
            + roofline.elementwise_us(gpu, batch * outputs, 110, 8),
            2,
        )
        backward = roofline.product_us(gpu, inputs, outputs, batch, weights + maps)
        backward += roofline.kernel_us(
            gpu,
            outputs * min(8, roofline.blocks(batch, 32)),
            62 * roofline.blocks(batch, 256),
            2,
            4.0 * batch * outputs,
            min(8, roofline.blocks(batch, 32)),
            32,
            700,
        )
        if not first:
            backward += roofline.product_us(gpu, inputs, batch, outputs, weights + maps)
        self._add("dense backward", backward, 2 if first else 3)
        if active:
            self._add("activation backward", roofline.elementwise_us(gpu, batch * outputs, 75, 12))
        self._updates += 2

    def _norm(self, shape):
        channels, plane = shape[0], self._batch * shape[1] * shape[2]
        elements = channels * plane
        gpu = self.gpu
        self._add(
            "moments",
            roofline.reduction_us(gpu, channels, plane, gpu.pick(66, 80), 2, gpu.pick(560, 800), 4.0 * elements),
        )
        self._add("statistics", roofline.elementwise_us(gpu, channels, 150, 1))
        self._add("normalize", roofline.elementwise_us(gpu, elements, 150, 8))
        self._add(
            "gradient sums",
            roofline.reduction_us(
                gpu, channels, plane, gpu.pick(100, 130), 4, gpu.pick(700, 1000), 12.0 * elements, 40
            ),
        )
        self._add("gradient means", roofline.elementwise_us(gpu, 2 * channels, 100, 1))
        self._add("norm backward", roofline.elementwise_us(gpu, elements, 190, 16))

    def _other(self, layer, before, after):
        gpu, batch = self.gpu, self._batch
        inputs, outputs = batch * before[0] * before[1] * before[2], batch * after[0] * after[1] * after[2]
        window = before[1] * before[2]
        if layer[0] == "maxpool":
            self._add("pool", roofline.elementwise_us(gpu, outputs, 200, 12))
            self._add("pool backward", roofline.elementwise_us(gpu, inputs, 330, 10))
        elif layer[0] in ("globalmax", "globalaverage"):
            self._add("global pool", roofline.elementwise_us(gpu, outputs, window * 8, 4 * window))
            self._add("global pool backward", roofline.elementwise_us(gpu, inputs, 220, 8))
        elif layer[0] == "mask":
            sequence = self.network.shape[0] * self.network.shape[2]
            rounds = roofline.blocks(sequence, 256) + roofline.blocks(inputs // batch, 256)
            for name in ("mask", "mask backward"):
                self._add(
                    name,
                    roofline.kernel_us(
                        gpu,
                        batch * 8,
                        rounds * 36 + 256,
                        rounds * 4,
                        4.0 * (batch * sequence + 2 * inputs),
                        8,
                        24,
                        rounds * gpu.pick(600, 900),
                    ),
                )

    def _update(self):
        moved = zoo.parameters(self.network) * 20
        self._add("updates", moved / (self.gpu.bandwidth * self.gpu.copies) * 1e6, self._updates, 0)
