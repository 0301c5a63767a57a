"""Convolutions of Lamella's networks, and how its own CUDA kernels are launched for them.

The launches are those of ConvolutionLaunches.java; the argument layouts are those of cuda-kernels/convolution_*.cu.
"""
from dataclasses import dataclass

THREADS = 128
TILE = 8
DATA_PATCH = 4
# Blocks that keep a GPU busy; the filter gradient is cut into slices of the batch until there are as many.
ENOUGH_BLOCKS = 208
# Filters for which kernels are compiled with constants.
UNROLLED = {(5, 5), (3, 3), (1, 1), (1, 5), (1, 7), (1, 11)}
TANH = 1


def blocks(items, each):
    """As many blocks of `each` as hold all items."""
    return -(-items // each)


@dataclass(frozen=True)
class Launch:
    """A kernel and its grid. `module`: the kernel file with its constants, as the bundle names its machine code."""

    module: str
    function: str
    grid: tuple
    threads: int = THREADS


@dataclass(frozen=True)
class Convolution:
    """A convolution with the max pool after it; a pool of 1 x 1 means none."""

    samples: int
    channels: int
    height: int
    width: int
    filters: int
    kernel_h: int
    kernel_w: int
    stride: int = 1
    pad_h: int = 0
    pad_w: int = 0
    pool_h: int = 1
    pool_w: int = 1

    @property
    def out_h(self):
        return (self.height + 2 * self.pad_h - self.kernel_h) // self.stride + 1

    @property
    def out_w(self):
        return (self.width + 2 * self.pad_w - self.kernel_w) // self.stride + 1

    @property
    def pooled_h(self):
        return self.out_h // self.pool_h

    @property
    def pooled_w(self):
        return self.out_w // self.pool_w

    @property
    def pooled(self):
        return self.pool_h * self.pool_w > 1

    @property
    def taps(self):
        return self.kernel_h * self.kernel_w

    @property
    def row(self):
        """Filters of one row run along it."""
        return self.kernel_h == 1 and self.kernel_w > 1

    @property
    def patch(self):
        """Neighbouring outputs of a thread of the forward kernel."""
        return (1, 4) if self.row else (2, 2)

    def flop(self):
        """Of one pass, counted dense, a multiply-add being two."""
        return 2.0 * self.samples * self.filters * self.channels * self.taps * self.out_h * self.out_w

    def structure(self):
        """The fields of struct ConvolutionShape (device.cuh), in its order."""
        y_stride = self.filters * self.pooled_h * self.pooled_w
        return (
            self.samples,
            self.channels,
            self.height,
            self.width,
            self.filters,
            self.kernel_h,
            self.kernel_w,
            self.stride,
            self.stride,
            self.pad_h,
            self.pad_w,
            self.out_h,
            self.out_w,
            self.pool_h,
            self.pool_w,
            self.pooled_h,
            self.pooled_w,
            y_stride,
        )

    def forward(self):
        """convolution_pool_forward or convolution_forward."""
        more = {"PATCH_H": 1, "PATCH_W": 4} if self.row else {}
        module = self._module("convolution_forward", more)
        filters = blocks(self.filters, TILE)
        if self.pooled:
            windows = self.samples * self.pooled_h * self.pooled_w
            return Launch(module, "convolution_pool_forward", (blocks(windows, THREADS), filters, 1))
        patches = blocks(self.out_h, self.patch[0]) * blocks(self.out_w, self.patch[1])
        return Launch(module, "convolution_forward", (blocks(self.samples * patches, THREADS), filters, 1))

    def slices(self):
        """Slices of the batch, and samples of each, of the filter gradient."""
        grid = blocks(self.channels * self.taps, THREADS) * blocks(self.filters, TILE)
        slices = min(self.samples, max(1, blocks(ENOUGH_BLOCKS, grid)))
        each = blocks(self.samples, slices)
        return blocks(self.samples, each), each

    def filter_gradient(self):
        """convolution_backward_filter; slice_sum() adds its slices."""
        grid = (blocks(self.channels * self.taps, THREADS), blocks(self.filters, TILE), self.slices()[0])
        return Launch("convolution_backward_filter", "convolution_backward_filter", grid)

    def weights(self):
        """Floats of all filters."""
        return self.filters * self.channels * self.taps

    def slice_sum(self):
        """sum_slices of the filter gradient."""
        return Launch("elementwise", "sum_slices", (blocks(self.weights(), 256), 1, 1), 256)

    def data_gradient(self):
        """convolution_backward_data."""
        runs = self.samples * self.height * blocks(self.width, DATA_PATCH)
        grid = (blocks(runs, THREADS), blocks(self.channels, TILE), 1)
        return Launch(self._module("convolution_backward_data", {}), "convolution_backward_data", grid)

    def _module(self, file, more):
        constants = dict(more)
        if (self.kernel_h, self.kernel_w) in UNROLLED:
            constants.update(KERNEL_H=self.kernel_h, KERNEL_W=self.kernel_w)
        return "_".join([file] + ["%s_%d" % item for item in sorted(constants.items())])


# Convolutions of the networks that the check trains, at its batches.
SHAPES = {
    "lenet-100 conv1": Convolution(100, 1, 100, 100, 20, 5, 5, pool_h=2, pool_w=2),
    "lenet-100 conv2": Convolution(100, 20, 48, 48, 50, 5, 5, pool_h=2, pool_w=2),
    "lenet-34 conv1": Convolution(128, 1, 34, 34, 20, 5, 5, pool_h=2, pool_w=2),
    "lenet-34 conv2": Convolution(128, 20, 15, 15, 50, 5, 5, pool_h=2, pool_w=2),
    "cifarnet 1": Convolution(128, 3, 28, 28, 96, 3, 3, pad_h=1, pad_w=1),
    "cifarnet 2a 1x1": Convolution(128, 96, 28, 28, 32, 1, 1),
    "cifarnet 2c 3x3": Convolution(128, 80, 28, 28, 80, 3, 3, stride=2, pad_h=1, pad_w=1),
    "cifarnet 3d 3x3": Convolution(128, 160, 14, 14, 96, 3, 3, pad_h=1, pad_w=1),
    "seqcnn conv1": Convolution(64, 4, 1, 2000, 64, 1, 11, pool_w=4),
    "seqcnn conv2": Convolution(64, 64, 1, 497, 128, 1, 7, pool_w=4),
    "seqcnn conv3": Convolution(64, 128, 1, 122, 128, 1, 5),
}
