"""How long kernels take on a GPU, by a model, from instructions counted in their machine code. Modelled, not measured.

A kernel takes the longest of: issuing its instructions, its first-level cache, its bytes, the special-function unit,
and the latencies of consecutive resident sets of blocks. Estimated error: +-40 % (K80) and +-30 % (H100).
"""
from convolutions import MANY_CHANNELS, THREADS, TILE, WARP, blocks


def kernel_us(
    gpu, warps, instructions, cache, bytes_moved, block_warps, registers, latency=0.0, shared=1000, special=0.0
):
    """Microseconds. `instructions`, `cache` and `special`: of a warp, the last two in clocks; `latency`: clocks of a
    block."""
    resident = min(
        gpu.warps,
        gpu.registers // (registers * 32) // block_warps * block_warps,
        gpu.blocks * block_warps,
        int(gpu.shared_bytes // shared) * block_warps,
    )
    count = blocks(warps, block_warps)
    busiest = blocks(count, gpu.multiprocessors) * block_warps
    waves = blocks(count, gpu.multiprocessors * max(1, resident // block_warps))
    memory = bytes_moved / (gpu.bandwidth * gpu.copies) * 1e6
    clocks = max(
        busiest * instructions / gpu.issue, busiest * cache, busiest * special / gpu.special, waves * latency
    )
    return max(clocks / gpu.clock_mhz, memory)


def elementwise_us(gpu, elements, instructions, bytes_each):
    """A thread an element."""
    return kernel_us(
        gpu, blocks(elements, 256) * 8, instructions * gpu.pick(1, 1.25), 4, elements * bytes_each, 8, 28, 900
    )


def reduction_us(gpu, sums, terms, instructions, cache, latency, bytes_moved, registers=32):
    """A block of 256 threads a sum, whose terms it takes one after the other."""
    rounds = blocks(terms, 256)
    return kernel_us(
        gpu, sums * 8, rounds * instructions, rounds * cache, bytes_moved, 8, registers, rounds * latency
    )


def product_us(gpu, m, n, k, bytes_moved):
    """A product of matrices by cuBLAS, in tiles of 128 x 64."""
    tiles = blocks(m, 128) * blocks(n, 64)
    used = tiles / (blocks(tiles, gpu.multiprocessors) * gpu.multiprocessors)
    used = max(used, 0.35)  # small ones are split along k
    arithmetic = 2.0 * m * n * k / (gpu.flops * gpu.pick(0.75, 0.7) * used)
    return max(arithmetic, bytes_moved / (gpu.bandwidth * gpu.copies)) * 1e6


# ---- Own convolution kernels.


def _tap_instructions(c):
    if c.taps == 5:
        return 87 if c.row else 94
    return {1: 126, 7: 89, 11: 87, 9: 80, 25: 94}.get(c.taps, 95)


def own_forward_us(gpu, c):
    tiles = blocks(c.filters, TILE)
    patch_h, patch_w = c.patch
    if c.pooled:
        patches, threads = blocks(c.pool_h, patch_h) * blocks(c.pool_w, patch_w), c.samples * c.pooled_h * c.pooled_w
    else:
        patches, threads = 1, c.samples * blocks(c.out_h, patch_h) * blocks(c.out_w, patch_w)
    loads = blocks(c.taps * TILE, 128)
    channel = (_tap_instructions(c) * c.taps if c.taps > 1 else 100) + loads * 30 + 45
    lines = gpu.pick(4.5 if c.row else 3.0, 2.6)
    latency = blocks(c.taps, 4) * (gpu.latency + gpu.pick(60, 250)) + 2 * gpu.pick(40, 200) + gpu.latency * 2
    outputs = c.samples * c.filters * c.pooled_h * c.pooled_w
    return kernel_us(
        gpu,
        blocks(threads, 128) * 4 * tiles,
        patches * c.channels * channel + 150 + TILE * (60 if c.pooled else 160),
        patches * c.channels * (c.taps * (4 * lines + 2) + loads * 6),
        4.0 * c.samples * c.channels * c.height * c.width + outputs * (5 if c.pooled else 4),
        4,
        128 if c.pooled else 96,
        patches * c.channels * latency,
    )


def own_filter_us(gpu, c):
    """With the sum of its slices."""
    slices = c.slices()[0]
    return (_pooled_filter_us if c.pooled else _plain_filter_us)(gpu, c) + kernel_us(
        gpu,
        blocks(c.weights(), 256) * 8,
        60 + slices * 4,
        slices,
        4.0 * c.weights() * slices,
        8,
        32,
        blocks(slices, 16) * 500,
    )


def _field(c):
    """Rows and columns of inputs that a window reads."""
    return (c.pool_h - 1) * c.stride + c.kernel_h, (c.pool_w - 1) * c.stride + c.kernel_w


def _pooled_filter_us(gpu, c):
    slices, each = c.slices()
    launch = c.filter_gradient()
    field_h, field_w = _field(c)
    windows = c.pooled_h * c.pooled_w
    if c.channels < MANY_CHANNELS:
        filters = 4 if c.taps > 14 else 8
        rounds = blocks(each * windows, THREADS)
        dense = filters * c.taps * c.pool_h * c.pool_w
        instructions = rounds * (dense + 3 * field_h * field_w + 14 * filters) + filters * c.taps * 12
        cache = rounds * (field_h * field_w * 3 + 2 * filters)
        warps, moved = launch.grid[0] * launch.grid[1] * slices * 4, launch.grid[1]
    else:
        channels = c.thread_channels
        filters = 4 if channels * c.taps > 14 else 8
        window = channels * filters * c.taps + 11 * filters + channels * field_h * field_w / 2
        row = 4 * filters * 9 + channels * 8 * field_h * blocks(c.pooled_w * c.pool_w * c.stride + c.kernel_w, 32) * 7.5
        instructions = each * c.pooled_h * (c.pooled_w * window + row) + channels * filters * c.taps * 4
        cache = each * windows * (channels * field_h * field_w + 2)
        warps, moved = launch.grid[0] * blocks(c.filters, filters) * slices, launch.grid[1]
    inputs = 4.0 * c.samples * c.channels * c.height * c.width
    moved = inputs * (1 + 0.3 * (moved - 1)) + c.samples * c.filters * windows * 5 * launch.grid[0]
    shared = 1600 if c.channels < MANY_CHANNELS else 27500
    return kernel_us(gpu, warps, instructions, cache, moved + 4.0 * c.weights() * slices, 4, 168, 0, shared)


def _plain_filter_us(gpu, c):
    slices, each = c.slices()
    windows = c.pooled_h * c.pooled_w
    grid = blocks(c.channels * c.taps, 128) * blocks(c.filters, TILE)
    live = min(4, blocks(min(c.channels * c.taps, 128), 32)) / 4
    lines = gpu.pick(min(32, blocks(32, c.kernel_w) + 1), 3.4)
    instructions = each * windows * 75 * live + each * blocks(windows, 64) * 280
    cache = each * windows * (lines + 5) * live
    moved = (
        4.0
        * c.samples
        * (c.channels * c.height * c.width * blocks(c.filters, TILE) * 0.3 + c.filters * windows * 1.25)
    )
    return kernel_us(
        gpu,
        grid * slices * 4,
        instructions,
        cache,
        moved,
        4,
        72,
        each * windows * (gpu.latency * 2 + gpu.pick(90, 350)),
        6144,
    )


def _pooled_data_us(gpu, c):
    launch = c.data_gradient(gpu.multiprocessors)
    band, rows = c.band(gpu.multiprocessors)
    warps = launch.threads // WARP
    channels = c.thread_channels
    filters = 4 * channels * c.taps + 40 + channels * c.taps / 4 + blocks(32 * channels, warps) * 8
    steps = min(band + (1 if band < rows else 0), blocks(c.pooled_h, 1 if c.kernel_h == c.pool_h == 1 else 2))
    moved = 4.0 * c.samples * (c.filters * c.pooled_h * c.pooled_w * 1.25 + c.channels * c.height * c.width)
    return kernel_us(
        gpu,
        launch.grid[0] * launch.grid[1] * launch.grid[2] * warps,
        steps * (c.filters * filters + 700),
        steps * c.filters * (channels * c.taps * 1.1 + 2),
        moved,
        warps,
        168,
        0,
        30600 if warps == 12 else 14700,
    )


def own_data_us(gpu, c):
    if c.pooled_data:
        return _pooled_data_us(gpu, c)
    loads = blocks(c.taps * TILE, 128)
    tap = (560 if c.pooled else 330) * (0.6 if c.stride > 1 else 1)
    cache = c.filters * c.taps * (10 * (2 if c.pooled else 1) + 2)
    special = c.filters * (37 if c.pooled else 20) * c.taps
    moved = 4.0 * c.samples * (c.filters * c.pooled_h * c.pooled_w * 1.25 + c.channels * c.height * c.width)
    warps = blocks(c.samples * c.height * blocks(c.width, 4), 128) * 4 * blocks(c.channels, TILE)
    return kernel_us(gpu, warps, c.filters * (tap * c.taps + loads * 30 + 60), cache, moved, 4, 96, special=special)


# ---- cuDNN's, in fp32: shares of the peak that its kernels are known to reach.


def cudnn_us(gpu, c, pass_name):
    small = (c.samples * c.out_h * c.out_w / 128) * blocks(c.filters, 64) / gpu.multiprocessors
    few = 0.4 if c.channels < 8 else 0.75 if c.channels < 32 else 1.0
    share = gpu.pick(0.6, 0.5) * few * max(0.25, min(1.0, small)) * (0.85 if pass_name == "filter" else 1)
    moved = 4.0 * c.samples * (c.channels * c.height * c.width + c.filters * c.out_h * c.out_w)
    return max(c.flop() / (gpu.flops * share), moved / (gpu.bandwidth * gpu.copies)) * 1e6


def around_cudnn_us(gpu, c):
    """Lamella's kernels around cuDNN's in a step: bias and activation, and with a pool the un-pooled map twice more."""
    map_bytes = 4.0 * c.samples * c.filters * c.out_h * c.out_w
    if not c.pooled:
        return 2 * map_bytes / (gpu.bandwidth * gpu.copies) * 1e6
    issue = map_bytes / 4 * 110 * 1.25 / 32 / (gpu.multiprocessors * gpu.issue * gpu.clock_mhz)
    return 2 * map_bytes * 1.3 / (gpu.bandwidth * gpu.copies) * 1e6 + issue


PASSES = {"forward": own_forward_us, "filter": own_filter_us, "data": own_data_us}
