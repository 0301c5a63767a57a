"""Networks of Lamella's zoo, as Zoo.java has them, layer by layer; nothing but the standard library.

    zoo.py    prints parameters, and GFLOP of a forward pass of one sample, of each network as JSON

A layer is a tuple, its kind first:
    ("conv", filters, kernel_h, kernel_w, stride, pad_h, pad_w)    ("dense", outputs)    ("concat", branch, branch)
    ("maxpool", window_h, window_w, stride_h, stride_w, pad)    ("globalmax",) ("globalaverage",) ("flatten",)
    ("norm",)  ("relu",)  ("tanh",)    ("mask", "zero" or "lowest")
"""
import json
from dataclasses import dataclass

LABELS = 42
NORM_EPSILON = 1e-5
NORM_MOMENTUM = 0.1


@dataclass(frozen=True)
class Network:
    """A network with the input and the batch of its measurement, and its name for `bench step --net`."""

    net: str
    shape: tuple
    batch: int
    layers: tuple

    @property
    def input(self):
        """As `bench step --input` takes it."""
        return "%dx%dx%d" % self.shape


def lenet():
    return (
        ("conv", 20, 5, 5, 1, 0, 0),
        ("tanh",),
        ("maxpool", 2, 2, 2, 2, 0),
        ("conv", 50, 5, 5, 1, 0, 0),
        ("tanh",),
        ("maxpool", 2, 2, 2, 2, 0),
        ("flatten",),
        ("dense", 500),
        ("tanh",),
        ("dense", LABELS),
    )


def mlp():
    return (("flatten",), ("dense", 512), ("relu",), ("dense", 512), ("relu",), ("dense", LABELS))


def seqcnn():
    return (
        ("conv", 64, 1, 11, 1, 0, 0),
        ("relu",),
        ("maxpool", 1, 4, 1, 4, 0),
        ("mask", "zero"),
        ("conv", 128, 1, 7, 1, 0, 0),
        ("relu",),
        ("maxpool", 1, 4, 1, 4, 0),
        ("mask", "zero"),
        ("conv", 128, 1, 5, 1, 0, 0),
        ("relu",),
        ("mask", "lowest"),
        ("globalmax",),
        ("flatten",),
        ("dense", LABELS),
    )


def _unit(filters, kernel, stride, pad):
    return (("conv", filters, kernel, kernel, stride, pad, pad), ("norm",), ("relu",))


def _simple(narrow, wide):
    return (("concat", _unit(narrow, 1, 1, 0), _unit(wide, 3, 1, 1)),)


def _downsample(filters):
    return (("concat", _unit(filters, 3, 2, 1), (("maxpool", 3, 3, 2, 2, 1),)),)


def cifarnet():
    return (
        _unit(96, 3, 1, 1)
        + _simple(32, 32)
        + _simple(32, 48)
        + _downsample(80)
        + _simple(112, 48)
        + _simple(96, 64)
        + _simple(80, 80)
        + _simple(48, 96)
        + _downsample(96)
        + _simple(176, 160)
        + _simple(176, 160)
        + (("globalaverage",), ("flatten",), ("dense", LABELS))
    )


NETWORKS = {
    "lenet-100": Network("lenet", (1, 100, 100), 100, lenet()),
    "lenet-34": Network("lenet", (1, 34, 34), 128, lenet()),
    "cifarnet": Network("cifarnet", (3, 28, 28), 128, cifarnet()),
    "seqcnn": Network("seqcnn", (4, 1, 2000), 64, seqcnn()),
    "mlp": Network("mlp", (1000, 1, 1), 128, mlp()),
}


def _window(size, kernel, stride, pad):
    return (size + 2 * pad - kernel) // stride + 1


def output(layer, shape):
    """Channels, height and width after a layer."""
    channels, height, width = shape
    kind = layer[0]
    if kind == "conv":
        _, filters, kernel_h, kernel_w, stride, pad_h, pad_w = layer
        return filters, _window(height, kernel_h, stride, pad_h), _window(width, kernel_w, stride, pad_w)
    if kind == "maxpool":
        _, window_h, window_w, stride_h, stride_w, pad = layer
        return channels, _window(height, window_h, stride_h, pad), _window(width, window_w, stride_w, pad)
    if kind in ("globalmax", "globalaverage"):
        return channels, 1, 1
    if kind == "flatten":
        return channels * height * width, 1, 1
    if kind == "dense":
        return layer[1], 1, 1
    if kind == "concat":
        branches = [chain(branch, shape)[-1][2] for branch in layer[1:]]
        return sum(b[0] for b in branches), branches[0][1], branches[0][2]
    return shape


def chain(layers, shape):
    """Every layer with its input's and its output's shape, in order; a concatenation as one layer."""
    steps = []
    for layer in layers:
        after = output(layer, shape)
        steps.append((layer, shape, after))
        shape = after
    return steps


def flat(layers, shape):
    """The same with the layers of branches in place of their concatenation."""
    for layer, before, after in chain(layers, shape):
        if layer[0] == "concat":
            for branch in layer[1:]:
                yield from flat(branch, before)
        else:
            yield layer, before, after


def convolutional(network):
    """Whether there are convolutions, and so kernels to choose."""
    return any(layer[0] == "conv" for layer, _, _ in flat(network.layers, network.shape))


def parameters(network):
    """Learned values."""
    total = 0
    for layer, before, after in flat(network.layers, network.shape):
        if layer[0] == "conv":
            total += layer[1] * (before[0] * layer[2] * layer[3] + 1)
        elif layer[0] == "dense":
            total += layer[1] * (before[0] + 1)
        elif layer[0] == "norm":
            total += 2 * after[0]
    return total


def forward_gflop(network):
    """Convolutions and dense layers of one sample, a multiply-add being two."""
    total = 0
    for layer, before, after in flat(network.layers, network.shape):
        if layer[0] == "conv":
            total += 2 * after[0] * after[1] * after[2] * before[0] * layer[2] * layer[3]
        elif layer[0] == "dense":
            total += 2 * before[0] * after[0]
    return total * 1e-9


def main():
    facts = {
        name: {
            "net": n.net,
            "input": n.input,
            "batch": n.batch,
            "labels": LABELS,
            "parameters": parameters(n),
            "forward_gflop": forward_gflop(n),
        }
        for name, n in NETWORKS.items()
    }
    print(json.dumps(facts, indent=1))


if __name__ == "__main__":
    main()
