"""The model beside the numbers of the review that it comes from, and how results are read."""
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
    """Kernels and marks were counted in the plans; times are what the first version of the model printed."""

    def test_kernels_and_marks(self):
        counts = [(StepModel(gpus.H100, n, "own").launches, StepModel(gpus.H100, n, "own").marks) for n in NAMES]
        self.assertEqual(counts, [(32, 15), (32, 15), (261, 164), (40, 23), (24, 12)])

    def test_times_of_own_kernels(self):
        for gpu, times in (
            (gpus.K80, (229066, 26634, 961547, 90015, 676)),
            (gpus.H100, (8466, 1227, 33686, 3124, 124)),
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
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    json.dump(facts, file)
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
            {"step-lenet-34-own.json": self.step(1227), "step-lenet-34-cudnn.json": self.step(500)}
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

    def test_other_sizes_are_not_compared(self):
        text, tables = self.run_on({"step-lenet-34-own.json": self.step(1227, batch=4)})
        self.assertIn("nothing here was measured", text)
        self.assertEqual(list(tables), [g.name for g in gpus.ALL])

    def test_without_a_gpu_the_model_stands_alone(self):
        text, tables = self.run_on({"step-mlp-own.json": {"device": "cpu (2 cores)", "batch": 128}})
        self.assertIn("no results of a GPU that the model knows: modelled only", text)
        self.assertEqual(len(tables["H100"]), 3 * len(zoo.NETWORKS))

    def test_a_folder_that_is_not_there(self):
        with self.assertRaises(SystemExit) as stop, contextlib.redirect_stderr(io.StringIO()):
            model.main(["/nowhere"])
        self.assertEqual(stop.exception.code, 2)


if __name__ == "__main__":
    unittest.main()
