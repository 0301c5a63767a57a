"""What is computed in PyTorch, on a CPU; skipped where there is none."""

import unittest

import zoo
from convolutions import Convolution

try:
    import torch
except ImportError:
    torch = None

if torch:
    import kernel_bench
    import torch_networks


@unittest.skipIf(torch is None, "no torch")
class NetworksTest(unittest.TestCase):
    """Networks of the zoo as modules; build() itself compares parameters."""

    def test_outputs(self):
        for name, network in zoo.NETWORKS.items():
            module = torch_networks.build(torch, name)
            self.assertEqual(tuple(module(torch.randn(2, *network.shape)).shape), (2, zoo.LABELS), name)

    def test_padding_changes_nothing(self):
        torch.manual_seed(1)
        module = torch_networks.build(torch, "seqcnn")
        short = torch.zeros(3, 4, 1, 200)
        for sample, letters in enumerate((200, 77, 30)):
            short[sample, :, 0, :letters] = torch.nn.functional.one_hot(torch.randint(4, (letters,)), 4).T.float()
        long = torch.nn.functional.pad(short, (0, 131))
        self.assertLess(float((module(short) - module(long)).abs().max()), 1e-5)
        plain = [layer for layer in module.layers if not isinstance(layer, torch.nn.Identity)]
        unmasked = torch.nn.Sequential(*plain)
        self.assertGreater(float((unmasked(short) - unmasked(long)).abs().max()), 1e-3)
        full = (unmasked(short) - module(short)).abs().amax(1)
        self.assertLess(float(full[0]), 1e-5)  # a sequence without padding

    def test_a_layer_as_lamella_has_it(self):
        norm = torch_networks.build(torch, "cifarnet")[1]
        self.assertEqual((norm.eps, norm.momentum), (1e-5, 0.1))


@unittest.skipIf(torch is None, "no torch")
class ExpectedTest(unittest.TestCase):
    """Gradients in double precision compared with autograd, from the argmax that it finds."""

    def test_behind_a_pool(self):
        self.check(Convolution(2, 3, 11, 14, 5, 3, 2, pool_h=2, pool_w=3))

    def test_with_strides_and_padding(self):
        self.check(Convolution(2, 3, 9, 8, 4, 3, 3, stride=2, pad_h=1, pad_w=1))

    def check(self, shape):
        case = kernel_bench.ConvolutionCase(torch, None, shape, "cpu")
        functional = torch.nn.functional
        x, w = case.x.double().requires_grad_(), case.w.double().requires_grad_()
        y = functional.conv2d(x, w, case.bias.double(), shape.stride, (shape.pad_h, shape.pad_w))
        if shape.pooled:
            y, at = functional.max_pool2d(y, (shape.pool_h, shape.pool_w), return_indices=True)
            rows, columns = at // shape.out_w % shape.pool_h, at % shape.out_w % shape.pool_w
            case.argmax = (rows * shape.pool_w + columns).to(torch.uint8)
        y.backward(case.gradient.double())
        expected = case.expected()
        for name, right in (("forward", y.tanh()), ("filter", w.grad), ("data", x.grad)):
            self.assertLess(kernel_bench.relative_error(expected[name], right.detach()), 1e-12, name)
        self.assertTrue(torch.isnan(case.y).all() and torch.isnan(case.dw).all(), "outputs begin as NaN")

    def test_what_is_no_number_is_wrong(self):
        error = kernel_bench.relative_error(torch.tensor([float("nan")]), torch.ones(1).double())
        self.assertEqual(error, float("inf"))


if __name__ == "__main__":
    unittest.main()
