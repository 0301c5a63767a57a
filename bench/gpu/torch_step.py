"""A training step of a network in PyTorch, in one mode."""
import timing
import torch_networks
import zoo

RATE = 1e-4
MOMENTUM = 0.9
DECAY = 1e-4
# Before a measurement: cuDNN tries its algorithms, compilation happens.
WARM_UP = 5


class TorchStep:
    """Random data on the GPU, as `bench step` makes it."""

    def __init__(self, torch, name, mode):
        network = zoo.NETWORKS[name]
        torch.manual_seed(1)
        set_precision(torch, mode.precision)
        layout = {"memory_format": torch.channels_last} if mode.channels_last else {}
        module = torch_networks.build(torch, name).to("cuda", **layout)
        self._torch = torch
        self._x = (torch.rand(network.batch, *network.shape, device="cuda") * 4 - 2).contiguous(**layout)
        self._targets = (torch.rand(network.batch, zoo.LABELS, device="cuda") > 0.5).float()
        self._optimizer = torch.optim.SGD(
            module.parameters(), lr=RATE, momentum=MOMENTUM, weight_decay=DECAY, fused=True
        )
        self._forward = torch.compile(module) if mode.compiled else module
        self._graph = mode.graph

    def _step(self):
        self._optimizer.zero_grad(set_to_none=True)
        loss = self._torch.nn.functional.binary_cross_entropy_with_logits(self._forward(self._x), self._targets)
        loss.backward()
        self._optimizer.step()

    def rate(self, seconds):
        """Steps per second; one short window if seconds is 0."""
        if self._graph:
            return timing.rate(self._torch, timing.capture(self._torch, self._step, WARM_UP).replay, seconds)
        for _ in range(WARM_UP):
            self._step()
        return timing.rate(self._torch, self._step, seconds)


def set_precision(torch, precision):
    """fp32 is fp32 in convolutions and in matrix products; tf32 is what either may use."""
    tf32 = precision == "tf32"
    torch.backends.cudnn.allow_tf32 = tf32
    torch.backends.cuda.matmul.allow_tf32 = tf32
    torch.backends.cudnn.benchmark = True
