"""GPUs of the model: data sheet values, and the fractions of them that compiled code reaches."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Gpu:
    """`issue`: warp instructions a clock that a multiprocessor issues at best. `node_us`: start and drain of a node of
    a graph. `host_us`: of a step in which the GPU idles. `latency`: clocks of a load that hits the cache. `special`:
    warps a clock in the special-function unit. `copies`: share of the bandwidth that copies reach."""

    name: str
    multiprocessors: int
    clock_mhz: float
    flops: float
    bandwidth: float
    copies: float
    issue: float
    registers: int
    warps: int
    blocks: int
    shared_bytes: float
    node_us: float
    host_us: float
    latency: float
    special: float
    kepler: bool = False

    def pick(self, current, kepler):
        """One of two numbers that were read off machine code: of current GPUs, or of Kepler's."""
        return kepler if self.kepler else current


def _hopper(name, bandwidth):
    return Gpu(name, 132, 1755, 66.9e12, bandwidth, 0.85, 4.0, 65536, 64, 32, 228e3, 2.0, 35, 33, 0.5)


def _kepler(name, clock, flops):
    return Gpu(name, 13, clock, flops, 240e9, 0.72, 3.5, 131072, 64, 16, 112e3, 4.5, 60, 160, 1.0, True)


# Bandwidths: NVIDIA's data sheets of H100 SXM, H200 SXM and K80 (one of its two dies).
H100 = _hopper("H100", 3.35e12)
H200 = _hopper("H200", 4.8e12)
K80 = _kepler("K80", 562, 2.8e12)
K80_BOOST = _kepler("K80 at 875 MHz", 875, 4.37e12)
ALL = (K80, K80_BOOST, H100, H200)

# Names as the driver gives them, whole: an H100 PCIe or NVL, a slice of an H100 (MIG) and a GH200 have other clocks,
# multiprocessors or memory.
BY_NAME = {"Tesla K80": K80, "NVIDIA H100 80GB HBM3": H100, "NVIDIA H200": H200}


def by_name(name):
    """The GPU of this very name, or None: the model does not guess."""
    return BY_NAME.get(name)


def name_of(device):
    """The driver's name of a GPU in what Lamella or PyTorch call a device: `cuda:0 (NAME, memory, ...)`, or NAME."""
    if device.startswith("cuda:") and "(" in device:
        return device.partition("(")[2].partition(",")[0].rstrip(")")
    return device
