"""The networks of zoo.py as PyTorch modules."""
import zoo


def build(torch, name):
    """A module that makes logits, with as many parameters as Lamella's network."""
    network = zoo.NETWORKS[name]
    layers = network.layers
    masked = any(layer[0] == "mask" for layer in layers)
    modules = [_module(torch, layer, before) for layer, before, _ in zoo.chain(layers, network.shape)]
    module = _masked(torch, layers, modules) if masked else torch.nn.Sequential(*modules)
    count = sum(p.numel() for p in module.parameters())
    if count != zoo.parameters(network):
        raise AssertionError("%s has %d parameters here, %d in Lamella" % (name, count, zoo.parameters(network)))
    return module


def _module(torch, layer, before):
    """One layer that reads an input of this shape."""
    nn = torch.nn
    kind = layer[0]
    if kind == "conv":
        _, filters, kernel_h, kernel_w, stride, pad_h, pad_w = layer
        return nn.Conv2d(before[0], filters, (kernel_h, kernel_w), stride, (pad_h, pad_w))
    if kind == "maxpool":
        _, window_h, window_w, stride_h, stride_w, pad = layer
        return nn.MaxPool2d((window_h, window_w), (stride_h, stride_w), pad)
    if kind == "dense":
        return nn.Linear(before[0], layer[1])
    if kind == "norm":
        return nn.BatchNorm2d(before[0], zoo.NORM_EPSILON, zoo.NORM_MOMENTUM)
    if kind == "concat":
        branches = [
            nn.Sequential(*[_module(torch, part, shape) for part, shape, _ in zoo.chain(branch, before)])
            for branch in layer[1:]
        ]
        return _concat(torch, branches)
    simple = {"relu": nn.ReLU, "tanh": nn.Tanh, "flatten": nn.Flatten, "mask": nn.Identity}
    pools = {"globalmax": nn.AdaptiveMaxPool2d, "globalaverage": nn.AdaptiveAvgPool2d}
    return simple[kind]() if kind in simple else pools[kind](1)


def _concat(torch, branches):
    class Concat(torch.nn.Module):
        """Branches of one input, joined channel by channel."""

        def __init__(self):
            super().__init__()
            self.branches = torch.nn.ModuleList(branches)

        def forward(self, x):
            return torch.cat([branch(x) for branch in self.branches], 1)

    return Concat()


def _masked(torch, layers, modules):
    class MaskedSequence(torch.nn.Module):
        """Layers over sequences whose padding is covered; the columns of a sequence are followed layer by layer."""

        def __init__(self):
            super().__init__()
            self.layers = torch.nn.ModuleList(modules)

        def forward(self, x):
            place = torch.arange(1, x.shape[3] + 1, device=x.device)
            kept = ((x != 0).any(1).any(1) * place).amax(1)
            for layer, module in zip(layers, self.layers):
                if layer[0] == "mask":
                    own = torch.arange(x.shape[3], device=x.device) < kept.clamp(min=1).view(-1, 1, 1, 1)
                    cover = 0.0 if layer[1] == "zero" else torch.finfo(x.dtype).min
                    x = torch.where(own, x, torch.full_like(x[:1, :1, :1, :1], cover))
                else:
                    x = module(x)
                    kept = _columns(layer, kept)
            return x

    return MaskedSequence()


def _columns(layer, kept):
    if layer[0] == "conv":
        return (kept + 2 * layer[6] - layer[3]) // layer[4] + 1
    return (kept + 2 * layer[5] - layer[2]) // layer[4] + 1 if layer[0] == "maxpool" else kept
