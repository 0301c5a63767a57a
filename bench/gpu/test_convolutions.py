"""Launches and layouts of convolutions.py compared with the sources that they are taken from."""
import os
import re
import subprocess
import unittest

import convolutions
import gemm
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

    def test_of_rows(self):
        rows = java("cuda", "cuda", "operator", "ConvolutionRows.java")
        for name in ("MAX_PATCH", "MAX_SUMS", "LARGE_FILTER", "MAX_LARGE_FILTER_TILE", "TILE_OVERHEAD"):
            self.assertEqual(getattr(convolutions, name), constant(rows, name), name)
        tiles = re.search(r"TILES = List.of\(([^)]*)\)", rows).group(1)
        self.assertEqual(convolutions.TILES, tuple(map(int, tiles.split(","))))
        constants = java("cuda", "cuda", "operator", "ConvolutionConstants.java")
        self.assertEqual(convolutions.MAX_TAPS, constant(constants, "MAX_TAPS"))

    def test_of_slices(self):
        sizes = java("cuda", "cuda", "compile", "KernelSizes.java")
        self.assertEqual(convolutions.ENOUGH_BLOCKS, constant(sizes, "BUSY_BLOCKS"))
        self.assertEqual(convolutions.SLICE_TAPS, constant(sizes, "FILTER_GRADIENT_TAPS"))
        self.assertEqual(convolutions.SLICE_FILTERS, constant(sizes, "FILTER_GRADIENT_FILTERS"))

    def test_behind_a_pool(self):
        sizes = java("cuda", "cuda", "compile", "KernelSizes.java")
        self.assertEqual(convolutions.POOLED_THREADS, constant(sizes, "POOLED_DATA_THREADS"))
        self.assertEqual(convolutions.POOLED_STRIPS, constant(sizes, "POOLED_DATA_STRIPS"))
        shape = java("cuda", "cuda", "operator", "PooledShape.java")
        self.assertEqual(convolutions.MANY_CHANNELS, constant(shape, "MANY_CHANNELS"))

    def test_of_gemm(self):
        tile = java("cuda", "cuda", "operator", "GemmTile.java")
        for name, value in (
            ("FEW_ROWS", gemm.FEW_ROWS),
            ("COLUMNS", gemm.COLUMNS),
            ("OVERHEAD", gemm.OVERHEAD),
            ("SLICES", gemm.SLICES),
            ("GAPS", gemm.GAPS),
        ):
            self.assertEqual(value, constant(tile, name), name)
        self.assertEqual(gemm.TILES, tuple(map(int, re.search(r"Stream.of\(([^)]*)\)", tile).group(1).split(","))))
        launches = java("cuda", "cuda", "operator", "GemmLaunches.java")
        for name in ("TERMS", "FILTER_TERMS", "UNIT_TAPS", "MAX_TAPS", "MAX_PHASES", "VECTOR"):
            self.assertEqual(getattr(gemm, name), constant(launches, name), name)
        for name in ("MANY_CHANNELS", "MANY_FILTERS"):
            self.assertEqual(getattr(gemm, name), constant(launches, name), name)
        header = source("cuda-kernels", "gemm.cuh")
        self.assertIn("kThreadRows = TILE_M > %d ? 8 : 4;" % gemm.FEW_ROWS, header)
        filters = source("cuda-kernels", "convolution_gemm_backward_filter.cu")
        self.assertIn("kTerms = %d;" % gemm.FILTER_TERMS, filters)
        self.assertIn("kTaps > %d ? KERNEL_W : kTaps" % gemm.UNIT_TAPS, filters)
        self.assertIn(
            "kMaxTerms = kTaps > %d ? kTaps : %d;" % (gemm.TERMS, gemm.TERMS),
            source("cuda-kernels", "convolution_gemm_source.cuh"),
        )

    def test_of_sum(self):
        self.assertEqual(
            SHAPES["lenet-34 conv1"].slice_sum().threads,
            constant(java("cuda", "cuda", "operator", "Launches.java"), "THREADS"),
        )

    def test_of_activations(self):
        for name in ("Identity", "Tanh", "Relu"):
            number = getattr(convolutions, name.upper())
            self.assertIn("k%s = %d" % (name, number), source("cuda-kernels", "device.cuh"))


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
        mark = ["Mark mark = kNoMark"]
        self.assertEqual(kernel_arguments("convolution_forward.cu", "convolution_forward"), forward + mark)
        self.assertEqual(
            kernel_arguments("convolution_forward.cu", "convolution_pool_forward"), forward + ["uint8* argmax"] + mark
        )
        self.assertEqual(
            kernel_arguments("convolution_rows_forward.cu", "convolution_rows_forward"),
            [a for a in forward if a != "int activation"] + ["uint8* argmax"] + mark,
        )
        for kernel in (
            "convolution_backward_filter",
            "convolution_pool_backward_filter",
            "convolution_pool_backward_filter_few",
        ):
            self.assertEqual(
                kernel_arguments(kernel + ".cu", kernel),
                [
                    "ConvolutionShape shape",
                    "int slice",
                    "const float* x",
                    "const float* g",
                    "const uint8* argmax",
                    "float* partial",
                ],
            )
        for kernel, more in (
            ("convolution_backward_data", []),
            ("convolution_pool_backward_data", ["int groups", "int band"]),
        ):
            self.assertEqual(
                kernel_arguments(kernel + ".cu", kernel),
                ["ConvolutionShape shape", "int accumulate"]
                + more
                + ["const float* g", "const uint8* argmax", "const float* w", "float* dx"],
            )
        self.assertEqual(
            kernel_arguments("convolution_gemm_forward.cu", "convolution_gemm_forward"),
            [a for a in forward if a != "int activation"] + mark,
        )
        self.assertEqual(
            kernel_arguments("convolution_gemm_backward_filter.cu", "convolution_gemm_backward_filter"),
            ["ConvolutionShape shape", "int slice", "const float* x", "const float* g", "float* partial"],
        )
        self.assertEqual(
            kernel_arguments("convolution_gemm_backward_data.cu", "convolution_gemm_backward_data"),
            ["ConvolutionShape shape", "int accumulate", "const float* g", "const float* w", "float* dx"],
        )
        self.assertEqual(
            kernel_arguments("elementwise.cu", "sum_slices"),
            ["long long count", "int slices", "const float* partial", "float* to"],
        )


class LaunchTest(unittest.TestCase):
    """Grids, worked out by hand from ConvolutionLaunches.java and PooledLaunches.java."""

    def test_behind_a_pool(self):
        c = SHAPES["lenet-100 conv2"]  # 44 x 44 outputs, 22 x 22 windows
        forward = c.forward()
        self.assertEqual(
            forward.module,
            "convolution_rows_forward_ACTIVATION_1_KERNEL_H_5_KERNEL_W_5_PAD_H_0_PAD_W_0_PATCH_H_2_PATCH_W_2_POOL_H_2"
            "_POOL_W_2_STRIDE_H_1_STRIDE_W_1_TILE_K_10_VECTOR_2",
        )
        self.assertEqual(forward.function, "convolution_rows_forward")
        self.assertEqual(forward.grid, (379, 5, 1))  # 100 * 22 * 22 / 128, 50 / 10
        self.assertEqual(c.slices(), (100, 1))  # 1 * 4 blocks: 528 / 4 = 132 slices
        self.assertEqual(c.filter_gradient().grid, (1, 4, 100))  # 20 / 32, 50 / 16
        self.assertEqual(c.slice_sum().grid, (98, 1, 1))  # 50 * 20 * 25 / 256
        # 12 strips of 4 columns, 12 rows of 4; 100 blocks, 13 or 132 multiprocessors
        for multiprocessors in (13, 132):
            self.assertEqual(c.data_gradient(multiprocessors).grid, (100, 1, 1))
        self.assertEqual(c.data_gradient(13).threads, 384)
        few = SHAPES["lenet-100 conv1"]
        self.assertEqual(few.filter_gradient().grid, (1, 5, 100))  # 1 channel, 20 / 4
        small = SHAPES["lenet-34 conv2"]  # 4 strips, 4 rows; 128 blocks, 3 of which fit into a multiprocessor
        self.assertEqual(small.data_gradient(132).grid, (128, 1, 2))
        self.assertEqual((small.data_gradient(13).grid, small.data_gradient(13).threads), ((128, 1, 1), 128))
        row = SHAPES["seqcnn conv2"]  # 32 strips of 16 columns: 3 blocks of 11, each with the strip before
        self.assertEqual(row.data_gradient(132).grid, (192, 1, 1))

    def test_without_a_pool(self):
        c = SHAPES["cifarnet 2c 3x3"]  # stride 2: 14 x 14 outputs, 80 channels and filters
        self.assertEqual((c.out_h, c.out_w), (14, 14))
        self.assertEqual(
            c.forward().module,
            "convolution_gemm_forward_ACTIVATION_0_KERNEL_H_3_KERNEL_W_3_PAD_H_1_PAD_W_1_POOL_H_1_POOL_W_1_STRIDE_H_2"
            "_STRIDE_W_2_TILE_M_80_VECTOR_4",
        )
        self.assertEqual(c.forward().grid, (196, 1, 1))  # 128 * 14 * 14 / 128, 80 / 80
        self.assertEqual(c.data_gradient(132).grid, (196, 1, 4))  # 4 phases, each 128 * 14 * 14 / 128
        self.assertTrue(c.data_gradient(132).module.endswith("_TILE_M_80_VECTOR_1"))
        # 80 channels, 14 in a block; 1 * 5 blocks: 528 / 5 = 106 slices, thus 64 of 2 samples
        self.assertEqual(c.filter_gradient().grid, (6, 1, 64))
        few = SHAPES["cifarnet 1"]  # 3 channels: the forward pass has another kernel
        self.assertEqual((few.forward().function, few.forward().grid), ("convolution_rows_forward", (196, 6, 1)))
        self.assertEqual(few.filter_gradient().grid, (1, 1, 64))
        point = SHAPES["cifarnet 2a 1x1"]  # 32 filters
        self.assertEqual(point.forward().function, "convolution_rows_forward")
        # 48 x 128 is less work for 32 filters of 96 weights than 32 x 256
        self.assertTrue(point.filter_gradient().module.endswith("_TILE_M_48_VECTOR_4"))
        self.assertEqual(point.filter_gradient().grid, (1, 1, 128))
        self.assertEqual(point.data_gradient(132).grid, (784, 1, 1))  # 128 * 28 * 28 / 128, 96 / 96

    def test_of_rows(self):
        c = SHAPES["seqcnn conv3"]  # 1 x 118 outputs, 1 x 122 inputs, 128 channels and filters
        self.assertEqual(
            c.forward().module,
            "convolution_gemm_forward_ACTIVATION_3_KERNEL_H_1_KERNEL_W_5_PAD_H_0_PAD_W_0_POOL_H_1_POOL_W_1_STRIDE_H_1"
            "_STRIDE_W_1_TILE_M_64_VECTOR_1",
        )
        self.assertEqual(c.forward().grid, (59, 2, 1))  # 64 * 118 / 128, 128 / 64
        self.assertEqual(c.data_gradient(132).grid, (61, 2, 1))  # 64 * 122 / 128
        self.assertEqual(c.filter_gradient().grid, (6, 2, 64))  # 128 channels, 25 in a block

    def test_filters_without_constants(self):
        c = Convolution(1, 1, 30, 30, 1, 11, 11)
        self.assertEqual(c.forward().module, "convolution_forward")
        self.assertEqual(Convolution(1, 1, 1, 3, 1, 1, 2).forward().module, "convolution_forward_PATCH_H_1_PATCH_W_4")
        self.assertEqual(c.slices(), (1, 1))

    def test_modules_are_compiled(self):
        script = os.path.join(PROJECT, "bench", "cuda", "kernels.sh")
        listed = subprocess.run([script], capture_output=True, text=True, check=True)
        known = {
            "_".join([re.sub(r"\.cu$", "", line.split()[0])] + sorted(line.replace("=", "_").split(" -D")[1:]))
            for line in listed.stdout.splitlines()
        }
        for name, c in SHAPES.items():
            for launch in (c.forward(), c.filter_gradient(), c.slice_sum(), c.data_gradient(132)):
                self.assertIn(launch.module, known, name)

    def test_work_is_counted_dense(self):
        self.assertEqual(SHAPES["lenet-34 conv2"].flop(), 2.0 * 128 * 50 * 121 * 500)


if __name__ == "__main__":
    unittest.main()
