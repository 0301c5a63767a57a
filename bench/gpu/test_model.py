"""The model compared with the numbers of the review on which it is based, and the reading of results."""
import contextlib
import io
import json
import os
import tempfile
import unittest

import gpus
import model
import zoo
from step_model import StepModel

NAMES = ("lenet-100", "lenet-34", "cifarnet", "seqcnn", "mlp")


class StepTest(unittest.TestCase):
    """Kernels and marks were counted in the plans; times are what the model printed when its kernels last changed."""

    def test_kernels_and_marks(self):
        counts = [(StepModel(gpus.H100, n, "own").launches, StepModel(gpus.H100, n, "own").marks) for n in NAMES]
        self.assertEqual(counts, [(32, 15), (32, 15), (261, 164), (40, 23), (24, 12)])

    def test_times_of_own_kernels(self):
        for gpu, times in (
            (gpus.K80, (42555, 4110, 945062, 34314, 672)),
            (gpus.H100, (1822, 310, 31190, 1375, 122)),
        ):
            for name, us in zip(NAMES, times):
                self.assertAlmostEqual(StepModel(gpu, name, "own").us / us, 1, delta=0.02, msg=(gpu.name, name))

    def test_times_of_cudnn(self):
        for name, us in (("lenet-100", 2162), ("lenet-34", 306), ("seqcnn", 1038)):
            self.assertAlmostEqual(StepModel(gpus.H100, name, "cudnn").us / us, 1, delta=0.02, msg=name)

    def test_auto_is_never_slower(self):
        for gpu in gpus.ALL:
            for name in NAMES:
                us = {k: StepModel(gpu, name, k).us for k in model.KERNELS}
                self.assertLessEqual(us["auto"], min(us["own"], us["cudnn"]) * 1.0001)


class ResultsTest(unittest.TestCase):
    """Folders of results."""

    def run_on(self, files):
        with tempfile.TemporaryDirectory() as folder:
            for name, facts in files.items():
                with open(os.path.join(folder, name), "wb") as file:
                    file.write(facts if isinstance(facts, bytes) else json.dumps(facts).encode())
            text = io.StringIO()
            with contextlib.redirect_stdout(text):
                self.assertEqual(model.main([folder, "--json", os.path.join(folder, "model.json")]), 0)
            return text.getvalue(), model.read(os.path.join(folder, "model.json"))

    def step(self, us, **more):
        return dict(
            {
                "device": "cuda:0 (NVIDIA H100 80GB HBM3, sm_90)",
                "batch": 128,
                "input": "1x34x34",
                "train_samples_per_s": 128 / us * 1e6,
            },
            **more
        )

    def test_what_is_off_is_marked(self):
        text, tables = self.run_on(
            {"step-lenet-34-own.json": self.step(310), "step-lenet-34-cudnn.json": self.step(500)}
        )
        rows = list(tables.values())[0]
        self.assertEqual([(r["kernels"], r["mark"]) for r in rows], [("own", ""), ("cudnn", "off")])
        self.assertAlmostEqual(rows[1]["ratio"], 500 / 306, delta=0.05)
        self.assertIn("1 of 2 are off by more than 30 %", text)

    def test_kernels_alone(self):
        rows = [
            {"shape": "lenet-100 conv2", "pass": "forward", "own_us": 600.0, "cudnn_fp32_us": 1.0},
            {"shape": "cifarnet 1", "pass": "all", "result": "FAILED"},
        ]
        _, tables = self.run_on({"kernels.json": {"device": "NVIDIA H200", "kernels": rows}})
        self.assertEqual([r["mark"] for r in tables["NVIDIA H200"]], ["", "off"])

    def test_networks_without_convolutions_have_one_row(self):
        step = self.step(124, input="1000x1x1")
        _, tables = self.run_on({"step-mlp-auto.json": step, "step-mlp-own.json": step})
        self.assertEqual([r["what"] for r in list(tables.values())[0]], ["mlp, whole step"])

    def test_other_sizes_are_not_compared(self):
        text, tables = self.run_on({"step-lenet-34-own.json": self.step(310, batch=4)})
        self.assertIn("nothing here was measured", text)
        self.assertEqual(list(tables), [g.name for g in gpus.ALL])

    def test_without_a_gpu_the_model_stands_alone(self):
        text, tables = self.run_on({"correct-own.json": {"device": "cpu (2 cores)"}})
        self.assertIn("no results of a GPU: modelled only", text)
        self.assertEqual(len(tables["H100"]), 3 * (len(zoo.NETWORKS) - 1) + 1)

    def test_names_are_whole(self):
        for name, gpu in (
            ("NVIDIA H100 80GB HBM3", gpus.H100),
            ("cuda:0 (NVIDIA H200, 139.8 GiB, sm_90, 132 multiprocessors, driver for CUDA 13.0)", gpus.H200),
            ("cuda:0 (Tesla K80, 11.2 GiB, sm_37, 13 multiprocessors, driver for CUDA 11.4)", gpus.K80),
            ("NVIDIA H100 PCIe", None),
            ("NVIDIA H100 NVL", None),
            ("NVIDIA GH200 480GB", None),
            ("cuda:0 (NVIDIA H100 80GB HBM3 MIG 1g.10gb, 9.8 GiB, sm_90)", None),
            ("", None),
        ):
            self.assertEqual(gpus.by_name(gpus.name_of(name)), gpu, name)

    def test_another_gpu_stands_alone(self):
        device = "cuda:0 (NVIDIA H100 PCIe, 79.2 GiB, sm_90)"
        text, tables = self.run_on({"step-lenet-34-own.json": self.step(310, device=device)})
        self.assertIn("the model does not know NVIDIA H100 PCIe, only Tesla K80, NVIDIA H100 80GB HBM3", text)
        self.assertEqual(list(tables), [g.name for g in gpus.ALL])

    def test_results_of_several_gpus_are_not_compared(self):
        text, _ = self.run_on(
            {"step-lenet-34-own.json": self.step(310), "kernels.json": {"device": "NVIDIA H200", "kernels": []}}
        )
        self.assertIn("results of several GPUs are mixed (NVIDIA H100 80GB HBM3, NVIDIA H200): modelled only", text)

    def test_the_summary_is_no_measurement(self):
        text, _ = self.run_on({"step-lenet-34-own.json": self.step(310), "summary.json": {"device": "cuda:0"}})
        self.assertNotIn("modelled only", text)

    def test_what_is_damaged_is_named_and_left_out(self):
        half = json.dumps(self.step(310))[:40]
        for damaged in (half, "[]", "", json.dumps(self.step(310, train_samples_per_s=0)), "\x00"):
            text, tables = self.run_on(
                {"step-lenet-34-own.json": damaged.encode(), "step-lenet-34-auto.json": self.step(306)}
            )
            self.assertEqual(text.count("step-lenet-34-own.json is damaged and left out: "), 1, damaged)
            self.assertEqual([r["kernels"] for r in list(tables.values())[0]], ["auto"])

    def test_lines_of_kernels_that_are_damaged(self):
        good = {"shape": "lenet-100 conv2", "pass": "forward", "own_us": 600.0, "cudnn_fp32_us": 300.0}
        for line in (dict(good, shape="no such"), dict(good, own_us=None), 3):
            text, _ = self.run_on({"kernels.json": {"device": "NVIDIA H200", "kernels": [line]}})
            self.assertIn("kernels.json is damaged and left out: ", text)

    def test_a_folder_that_is_not_there(self):
        with self.assertRaises(SystemExit) as stop, contextlib.redirect_stderr(io.StringIO()):
            model.main(["/nowhere"])
        self.assertEqual(stop.exception.code, 2)


if __name__ == "__main__":
    unittest.main()
