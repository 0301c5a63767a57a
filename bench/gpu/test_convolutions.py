"""Launches and layouts of convolutions.py compared with the sources that they are taken from."""
import os
import re
import subprocess
import unittest

import convolutions
from convolutions import SHAPES, Convolution

PROJECT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def source(*path):
    with open(os.path.join(PROJECT, *path), encoding="utf-8") as file:
        return file.read()


def java(*path):
    return source("java", *path[:1], "src", "main", "java", "org", "lamella", *path[1:])


def constant(text, name):
    """The value of a constant in Java."""
    return int(re.search(r"int %s = (\d+);" % name, text).group(1))


def kernel_arguments(file, kernel):
    """Types and names of a kernel's arguments in a .cu file."""
    found = re.search(r"%s\(([^)]*)\)\s*\{" % kernel, source("cuda-kernels", file))
    return [" ".join(a.replace("__restrict__", "").split()) for a in found.group(1).split(",")]


class ConstantsTest(unittest.TestCase):
    """Numbers that must not drift apart."""

    def test_of_launches(self):
        sizes = java("cuda", "cuda", "compile", "KernelSizes.java")
        self.assertEqual(convolutions.THREADS, constant(sizes, "CONVOLUTION_THREADS"))
        self.assertEqual(convolutions.TILE, constant(sizes, "CONVOLUTION_TILE"))
        self.assertEqual(convolutions.DATA_PATCH, constant(sizes, "DATA_PATCH"))
        launches = java("cuda", "cuda", "operator", "ConvolutionLaunches.java")
        unrolled = re.search(r"UNROLLED = Set.of\(([^)]*)\)", launches).group(1)
        self.assertEqual(
            convolutions.UNROLLED, {tuple(map(int, s.split("x"))) for s in re.findall(r'"(\d+x\d+)"', unrolled)}
        )

    def test_of_slices(self):
        sizes = java("cuda", "cuda", "compile", "KernelSizes.java")
        self.assertEqual(convolutions.ENOUGH_BLOCKS, constant(sizes, "BUSY_BLOCKS"))

    def test_of_sum(self):
        self.assertEqual(
            SHAPES["lenet-34 conv1"].slice_sum().threads,
            constant(java("cuda", "cuda", "operator", "Launches.java"), "THREADS"),
        )

    def test_of_activations(self):
        self.assertIn("kTanh = %d" % convolutions.TANH, source("cuda-kernels", "device.cuh"))


class LayoutTest(unittest.TestCase):
    """Structures and arguments as the kernels declare them."""

    def test_fields_of_a_shape(self):
        body = re.search(r"struct ConvolutionShape \{(.*?)\};", source("cuda-kernels", "device.cuh"), re.S).group(1)
        names = [n.strip() for line in re.findall(r"int ([^;]*);", body) for n in line.split(",")]
        c = Convolution(2, 3, 11, 13, 5, 3, 2, 2, 1, 0, 2, 3)
        values = dict(zip(names, c.structure()))
        self.assertEqual(len(names), len(c.structure()))
        self.assertEqual(
            values,
            {
                "samples": 2,
                "channels": 3,
                "height": 11,
                "width": 13,
                "filters": 5,
                "kernel_h": 3,
                "kernel_w": 2,
                "stride_h": 2,
                "stride_w": 2,
                "pad_h": 1,
                "pad_w": 0,
                "out_h": 6,
                "out_w": 6,
                "pool_h": 2,
                "pool_w": 3,
                "pooled_h": 3,
                "pooled_w": 2,
                "y_stride": 30,
            },
        )

    def test_arguments_of_kernels(self):
        # As kernel_bench.py hands them over: a change of a kernel must be made there too.
        forward = [
            "ConvolutionShape shape",
            "int activation",
            "float slope",
            "const float* x",
            "const float* w",
            "const float* bias",
            "float* y",
        ]
        self.assertEqual(kernel_arguments("convolution_forward.cu", "convolution_forward"), forward)
        self.assertEqual(
            kernel_arguments("convolution_forward.cu", "convolution_pool_forward"), forward + ["uint8* argmax"]
        )
        self.assertEqual(
            kernel_arguments("convolution_backward_filter.cu", "convolution_backward_filter"),
            [
                "ConvolutionShape shape",
                "int slice",
                "const float* x",
                "const float* g",
                "const uint8* argmax",
                "float* partial",
            ],
        )
        self.assertEqual(
            kernel_arguments("convolution_backward_data.cu", "convolution_backward_data"),
            [
                "ConvolutionShape shape",
                "int accumulate",
                "const float* g",
                "const uint8* argmax",
                "const float* w",
                "float* dx",
            ],
        )
        self.assertEqual(
            kernel_arguments("elementwise.cu", "sum_slices"),
            ["long long count", "int slices", "const float* partial", "float* to"],
        )


class LaunchTest(unittest.TestCase):
    """Grids, worked out by hand from ConvolutionLaunches.java."""

    def test_behind_a_pool(self):
        c = SHAPES["lenet-100 conv2"]  # 44 x 44 outputs, 22 x 22 windows
        forward = c.forward()
        self.assertEqual(forward.module, "convolution_forward_KERNEL_H_5_KERNEL_W_5")
        self.assertEqual(forward.function, "convolution_pool_forward")
        self.assertEqual(forward.grid, (379, 7, 1))  # 100 * 22 * 22 / 128, 50 / 8
        self.assertEqual(c.slices(), (8, 13))  # 4 * 7 blocks: 208 / 28 = 8 slices of 13
        self.assertEqual(c.filter_gradient().grid, (4, 7, 8))  # 20 * 25 / 128
        self.assertEqual(c.slice_sum().grid, (98, 1, 1))  # 50 * 20 * 25 / 256
        self.assertEqual(c.data_gradient().grid, (450, 3, 1))  # 100 * 48 * 12 / 128, 20 / 8

    def test_without_a_pool(self):
        c = SHAPES["cifarnet 2c 3x3"]  # stride 2: 14 x 14 outputs, patches of 2 x 2
        self.assertEqual((c.out_h, c.out_w), (14, 14))
        self.assertEqual(c.forward().function, "convolution_forward")
        self.assertEqual(c.forward().grid, (49, 10, 1))  # 128 * 7 * 7 / 128, 80 / 8
        self.assertEqual(c.data_gradient().grid, (196, 10, 1))  # 128 * 28 * 7 / 128

    def test_of_rows(self):
        c = SHAPES["seqcnn conv3"]  # 1 x 118 outputs, patches of 1 x 4
        self.assertEqual(c.forward().module, "convolution_forward_KERNEL_H_1_KERNEL_W_5_PATCH_H_1_PATCH_W_4")
        self.assertEqual(c.forward().grid, (15, 16, 1))  # 64 * 30 / 128
        self.assertEqual(c.data_gradient().module, "convolution_backward_data_KERNEL_H_1_KERNEL_W_5")

    def test_filters_without_constants(self):
        c = Convolution(1, 1, 9, 9, 1, 2, 2)
        self.assertEqual(
            (c.forward().module, c.data_gradient().module), ("convolution_forward", "convolution_backward_data")
        )
        self.assertEqual(c.slices(), (1, 1))

    def test_modules_are_compiled(self):
        script = os.path.join(PROJECT, "bench", "cuda", "kernels.sh")
        listed = subprocess.run([script], capture_output=True, text=True, check=True)
        known = {
            re.sub(r"\.cu$|\.cu(?= )", "", line).replace(" -D", "_").replace("=", "_")
            for line in listed.stdout.splitlines()
        }
        for name, c in SHAPES.items():
            for launch in (c.forward(), c.filter_gradient(), c.slice_sum(), c.data_gradient()):
                self.assertIn(launch.module, known, name)

    def test_work_is_counted_dense(self):
        self.assertEqual(SHAPES["lenet-34 conv2"].flop(), 2.0 * 128 * 50 * 121 * 500)


if __name__ == "__main__":
    unittest.main()
