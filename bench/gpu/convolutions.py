"""Convolutions of Lamella's networks, and how its own CUDA kernels are launched for them.

The launches are those of ConvolutionLaunches.java, ConvolutionRows.java, PooledLaunches.java and GemmLaunches.java; the
argument layouts are those of cuda-kernels/convolution_*.cu.
"""
from dataclasses import dataclass

import gemm

THREADS = 128
TILE = 8
DATA_PATCH = 4
# Blocks that keep a GPU busy; the filter gradient is cut into slices of the batch until there are as many, counted in
# blocks of so many weights of so many filters.
ENOUGH_BLOCKS = 528
SLICE_TAPS, SLICE_FILTERS = 800, 16
# Behind a pool: fewer channels than this have a kernel of their own for the filter gradient, and the largest block of
# the data gradient.
MANY_CHANNELS = 9
POOLED_THREADS, POOLED_STRIPS = 384, 4
WARP = 32
# Forward: positions of a thread's patch, sums that it keeps, filters of a block, and the limit of these for filters of
# many weights; a block's work in addition to its multiply-adds, in filters. Filters of more weights have no constants.
MAX_PATCH, MAX_SUMS = 4, 64
TILES = (4, 8, 10, 12, 14, 16, 24, 32)
LARGE_FILTER, MAX_LARGE_FILTER_TILE, TILE_OVERHEAD = 15, 14, 2
MAX_TAPS = 64
# Activation of device.cuh.
IDENTITY, TANH, RELU = 0, 1, 3


def blocks(items, each):
    """As many blocks of `each` as hold all items."""
    return -(-items // each)


def divisor(number, limit):
    """The largest divisor of a number up to a limit."""
    return next(d for d in range(min(number, limit), 0, -1) if number % d == 0)


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
    activation: int = IDENTITY

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
        """Neighbouring outputs of a thread of the general forward kernel."""
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

    @property
    def rows_patch(self):
        """Neighbouring outputs of a thread of the forward kernel with constants."""
        if not self.pooled:
            return (1, 4) if self.kernel_h == 1 else (2, 2)
        width = divisor(self.pool_w, 2 if self.pool_h % 2 == 0 else MAX_PATCH)
        return divisor(self.pool_h, MAX_PATCH // width), width

    @property
    def has_rows(self):
        """Whether the forward kernel with constants computes it."""
        height, width = self.rows_patch
        return self.taps <= MAX_TAPS and self.out_h >= height and self.out_w >= width

    @property
    def vector(self):
        """Floats of an input that are loaded together."""
        width = self.rows_patch[1]
        last = 0 if self.pooled else (self.out_w - width) * self.stride
        vector = 4 if width == 4 else 2 if width >= 2 else 1
        while any(n % vector for n in (self.width, width * self.stride, last)):
            vector //= 2
        return vector

    @property
    def tile(self):
        """Filters of a block of the forward kernel with constants: those with the least work."""
        height, width = self.rows_patch
        most = MAX_SUMS // (height * width) if self.taps < LARGE_FILTER else MAX_LARGE_FILTER_TILE
        fitting = [t for t in TILES if t <= most]
        return min(fitting, key=lambda t: (blocks(self.filters, t) * (t + TILE_OVERHEAD), -t))

    @property
    def has_gemm(self):
        """Whether forward pass and data gradient can be an implicit GEMM."""
        return not self.pooled and self.taps <= gemm.MAX_TAPS

    @property
    def has_gemm_filter(self):
        """Whether the filter gradient is an implicit GEMM."""
        return not self.pooled and self.taps <= MAX_TAPS and self.kernel_w <= gemm.MAX_TAPS

    def _gemm(self, function, tile, columns, rows, grid_z, positions, **sizes):
        vector = gemm.VECTOR if positions % gemm.VECTOR == 0 else 1
        module = self._module(function, TILE_M=tile, VECTOR=vector, **sizes)
        return Launch(module, function, (columns, blocks(rows, tile), grid_z))

    def _gemm_forward(self):
        tile = gemm.best(self.filters, max(gemm.TERMS, self.taps))
        positions = self.out_h * self.out_w
        columns = blocks(self.samples * positions, gemm.columns(tile))
        return self._gemm(
            "convolution_gemm_forward", tile, columns, self.filters, 1, positions, ACTIVATION=self.activation
        )

    def _gemm_filter_gradient(self):
        unit = self.kernel_w if self.taps > gemm.UNIT_TAPS else self.taps
        weights = self.channels * self.taps
        tile = gemm.best(
            self.filters,
            gemm.FILTER_TERMS,
            lambda t: gemm.columns(t) * blocks(weights, gemm.group_columns(t, unit)),
        )
        columns = blocks(weights, gemm.group_columns(tile, unit))
        positions = self.out_h * self.out_w
        return self._gemm(
            "convolution_gemm_backward_filter", tile, columns, self.filters, self.slices()[0], positions
        )

    def _gemm_data_gradient(self):
        tile = gemm.best(self.channels, max(gemm.TERMS, self.taps))
        largest = blocks(self.height, self.stride) * blocks(self.width, self.stride)
        columns = blocks(self.samples * largest, gemm.columns(tile))
        positions = self.height * self.width if self.stride == 1 else 1
        return self._gemm(
            "convolution_gemm_backward_data", tile, columns, self.channels, self.stride**2, positions
        )

    def forward(self):
        """convolution_gemm_forward, convolution_rows_forward; else convolution_pool_forward or convolution_forward."""
        if self.has_gemm and self.channels >= gemm.MANY_CHANNELS and self.filters >= gemm.MANY_FILTERS:
            return self._gemm_forward()
        windows = self.samples * self.pooled_h * self.pooled_w
        height, width = self.rows_patch if self.has_rows else self.patch
        patches = windows if self.pooled else self.samples * blocks(self.out_h, height) * blocks(self.out_w, width)
        if self.has_rows:
            sizes = {"ACTIVATION": self.activation, "PATCH_H": height, "PATCH_W": width}
            module = self._module("convolution_rows_forward", TILE_K=self.tile, VECTOR=self.vector, **sizes)
            grid = (blocks(patches, THREADS), blocks(self.filters, self.tile), 1)
            return Launch(module, "convolution_rows_forward", grid)
        module = "convolution_forward" + ("_PATCH_H_1_PATCH_W_4" if self.row else "")
        function = "convolution_pool_forward" if self.pooled else "convolution_forward"
        return Launch(module, function, (blocks(patches, THREADS), blocks(self.filters, TILE), 1))

    def slices(self):
        """Slices of the batch, and samples of each, of the filter gradient."""
        grid = blocks(self.channels * self.taps, SLICE_TAPS) * blocks(self.filters, SLICE_FILTERS)
        slices = min(self.samples, max(1, blocks(ENOUGH_BLOCKS, grid)))
        each = blocks(self.samples, slices)
        return blocks(self.samples, each), each

    def filter_gradient(self):
        """The sums of slices; slice_sum() adds them."""
        if self.has_gemm_filter:
            return self._gemm_filter_gradient()
        slices = self.slices()[0]
        if not self.pooled:
            grid = (blocks(self.channels * self.taps, THREADS), blocks(self.filters, TILE), slices)
            return Launch("convolution_backward_filter", "convolution_backward_filter", grid)
        kernel = "convolution_pool_backward_filter"
        if self.channels < MANY_CHANNELS:
            filters = 4 if self.taps > 14 else 8
            module = self._module(kernel + "_few", TILE_K=filters)
            return Launch(module, kernel + "_few", (self.channels, blocks(self.filters, filters), slices))
        channels = self.thread_channels
        filters = 4 if channels * self.taps > 14 else 8
        module = self._module(kernel, TILE_C=channels, TILE_K=filters)
        grid = (blocks(self.channels, channels * WARP), blocks(self.filters, filters * THREADS // WARP), slices)
        return Launch(module, kernel, grid)

    def weights(self):
        """Floats of all filters."""
        return self.filters * self.channels * self.taps

    def slice_sum(self):
        """sum_slices of the filter gradient."""
        return Launch("elementwise", "sum_slices", (blocks(self.weights(), 256), 1, 1), 256)

    @property
    def thread_channels(self):
        """Channels of a thread of the gradients behind a pool, for the shapes below."""
        return 2 if self.channels > WARP and self.taps <= 15 else 1

    @property
    def pooled_data(self):
        """Whether the data gradient has the kernel behind a pool."""
        return self.pooled and self.channels >= MANY_CHANNELS

    def groups(self):
        """Blocks of the strips of a row, and threads of each, in the data gradient behind a pool."""
        across = (4 if self.kernel_h == self.pool_h == 1 else 2) * self.pool_w * self.stride
        strips = blocks(self.width + self.pad_w, across)
        threads = min(POOLED_THREADS, blocks(strips, POOLED_STRIPS) * POOLED_STRIPS * WARP)
        warps = threads // WARP
        return (1 if strips <= warps else blocks(strips, warps - 1)), threads

    def band(self, multiprocessors):
        """Rows of windows of a block of the data gradient behind a pool."""
        down = (1 if self.kernel_h == self.pool_h == 1 else 2) * self.pool_h * self.stride
        rows = blocks(self.height + self.pad_h, down)
        groups, threads = self.groups()
        others = self.samples * groups * blocks(self.channels, self.thread_channels * WARP)
        together = multiprocessors * POOLED_THREADS // threads
        return blocks(rows, max(1, min(rows // 2, together // others))), rows

    def data_gradient(self, multiprocessors):
        """Of a GPU with so many multiprocessors."""
        if self.has_gemm and self.stride**2 <= gemm.MAX_PHASES:
            return self._gemm_data_gradient()
        if self.pooled_data:
            kernel = "convolution_pool_backward_data"
            groups, threads = self.groups()
            band, rows = self.band(multiprocessors)
            module = self._module(kernel, TILE_C=self.thread_channels, THREADS=threads)
            grid = (self.samples * groups, blocks(self.channels, self.thread_channels * WARP), blocks(rows, band))
            return Launch(module, kernel, grid, threads)
        runs = self.samples * self.height * blocks(self.width, DATA_PATCH)
        grid = (blocks(runs, THREADS), blocks(self.channels, TILE), 1)
        return Launch(self._module("convolution_backward_data"), "convolution_backward_data", grid)

    def _module(self, file, **sizes):
        sizes.update(
            KERNEL_H=self.kernel_h,
            KERNEL_W=self.kernel_w,
            STRIDE_H=self.stride,
            STRIDE_W=self.stride,
            PAD_H=self.pad_h,
            PAD_W=self.pad_w,
            POOL_H=self.pool_h,
            POOL_W=self.pool_w,
        )
        return "_".join([file] + ["%s_%d" % item for item in sorted(sizes.items())])


# Convolutions of the networks that the check trains, at its batches.
SHAPES = {
    "lenet-100 conv1": Convolution(100, 1, 100, 100, 20, 5, 5, pool_h=2, pool_w=2, activation=TANH),
    "lenet-100 conv2": Convolution(100, 20, 48, 48, 50, 5, 5, pool_h=2, pool_w=2, activation=TANH),
    "lenet-34 conv1": Convolution(128, 1, 34, 34, 20, 5, 5, pool_h=2, pool_w=2, activation=TANH),
    "lenet-34 conv2": Convolution(128, 20, 15, 15, 50, 5, 5, pool_h=2, pool_w=2, activation=TANH),
    "cifarnet 1": Convolution(128, 3, 28, 28, 96, 3, 3, pad_h=1, pad_w=1),
    "cifarnet 2a 1x1": Convolution(128, 96, 28, 28, 32, 1, 1),
    "cifarnet 2c 3x3": Convolution(128, 80, 28, 28, 80, 3, 3, stride=2, pad_h=1, pad_w=1),
    "cifarnet 3d 3x3": Convolution(128, 160, 14, 14, 96, 3, 3, pad_h=1, pad_w=1),
    "seqcnn conv1": Convolution(64, 4, 1, 2000, 64, 1, 11, pool_w=4, activation=RELU),
    "seqcnn conv2": Convolution(64, 64, 1, 497, 128, 1, 7, pool_w=4, activation=RELU),
    "seqcnn conv3": Convolution(64, 128, 1, 122, 128, 1, 5, activation=RELU),
}
