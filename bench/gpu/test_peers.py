"""How peers are tried, with processes and a PyTorch that only pretend; and what runs where there is no PyTorch."""
import contextlib
import io
import json
import subprocess
import sys
import threading
import types
import unittest
from unittest import mock

import kernels
import peer_torch
import report
import zoo

QUIET = contextlib.redirect_stdout


class FakeWorkers:
    """Starts a small Python program in place of each worker: what it does with the modes it is given."""

    def __init__(self, *programs):
        self.programs = list(programs)
        self.asked = []

    def __call__(self, command, **options):
        self.asked.append(json.loads(command[command.index("--worker") + 1]))
        rows = [
            {
                "network": self.asked[-1][0],
                "precision": m[0],
                "mode": str(peer_torch.Mode(*m)),
                "samples_per_s": 100.0 + i,
            }
            for i, m in enumerate(self.asked[-1][1])
        ]
        program = "import json, sys, time\nrows = json.loads(sys.argv[1])\n" + self.programs.pop(0)
        return subprocess.Popen([sys.executable, "-c", program, json.dumps(rows)], **options)


class Counted(FakeWorkers):
    """Knows how many of its workers ran at once."""

    def __init__(self, *programs):
        super().__init__(*programs)
        self.most = 0
        self._processes = []
        self._lock = threading.Lock()

    def __call__(self, command, **options):
        with self._lock:
            self._processes.append(super().__call__(command, **options))
            self.most = max(self.most, sum(p.poll() is None for p in self._processes))
            return self._processes[-1]


ALL = "[print(json.dumps(r), flush=True) for r in rows]"
HANGS = "print(json.dumps(rows[0]), flush=True)\ntime.sleep(60)"
DIES = "sys.exit('a crash')"


class PeersTest(unittest.TestCase):
    """The parent of the workers."""

    def measure(self, name, workers, mode_limit=0.5, limit=20):
        with QUIET(io.StringIO()), mock.patch.object(peer_torch, "START_SECONDS", 3):
            return peer_torch.measure(name, 0.1, mode_limit, limit, workers)

    def test_modes(self):
        self.assertEqual(len(peer_torch.modes("lenet-34")), 9)
        self.assertEqual(len(peer_torch.modes("mlp")), 5)
        for name in zoo.NETWORKS:
            self.assertEqual(len(set(peer_torch.modes(name))), len(peer_torch.modes(name)))

    def test_all_modes_come_back(self):
        rows = peer_torch.mark_best(self.measure("mlp", FakeWorkers(ALL)))
        self.assertEqual([r["mode"] for r in rows if "best" in r], ["nchw eager graph", "nchw eager no graph"])
        self.assertNotIn("failure", rows[0])

    def test_a_mode_that_hangs_is_left_out_and_the_next_tried(self):
        workers = FakeWorkers(HANGS, ALL)
        rows = self.measure("mlp", workers)
        self.assertEqual([r.get("failure") for r in rows], [None, "no result in time", None, None, None])
        self.assertEqual([len(a[1]) for a in workers.asked], [5, 3])

    def test_a_process_that_dies_costs_one_mode_each(self):
        rows = self.measure("mlp", FakeWorkers(DIES, DIES, ALL))
        self.assertEqual([r.get("failure") for r in rows], ["no result in time"] * 2 + [None] * 3)

    def test_the_limit_of_all(self):
        rows = self.measure("mlp", FakeWorkers(HANGS), mode_limit=9, limit=1)
        self.assertEqual([r.get("failure") for r in rows], [None] + ["not run: the time was up"] * 4)

    def test_a_mode_that_fails_does_not_stop_the_worker(self):
        class Step:
            def __init__(self, torch, name, mode):
                if mode.compiled:
                    raise RuntimeError("no compiler\nhere")

            def rate(self, seconds):
                return 50.0

        text = io.StringIO()
        torch = types.SimpleNamespace(
            __version__="2.9",
            cuda=types.SimpleNamespace(get_device_name=lambda place: "NVIDIA H200"),
            backends=types.SimpleNamespace(cudnn=types.SimpleNamespace(version=lambda: 91300)),
        )
        with QUIET(text), mock.patch.dict(sys.modules, torch_step=types.SimpleNamespace(TorchStep=Step)):
            peer_torch.worker(torch, "mlp", peer_torch.modes("mlp"), 0.1)
        rows = [json.loads(line) for line in text.getvalue().splitlines()]
        self.assertEqual([r.get("failure") for r in rows], ["RuntimeError: no compiler"] * 2 + [None] * 3)
        self.assertEqual(rows[2]["samples_per_s"], 50.0 * 128)
        self.assertEqual(peer_torch.take_facts(rows)["device"], "NVIDIA H200")
        self.assertFalse(any("facts" in r for r in rows))

    def test_modes_without_time_are_named_beside_the_best(self):
        rows = peer_torch.mark_best(self.measure("mlp", FakeWorkers(HANGS), mode_limit=9, limit=1))
        text = io.StringIO()
        with QUIET(text):
            chosen = types.SimpleNamespace(json=None, markdown=None)
            self.assertEqual(peer_torch.finish(rows, chosen), 0)
        self.assertIn("| mlp | fp32 | nchw compiled graph | 100 |", text.getvalue())
        self.assertIn("| nchw eager graph, nchw eager no graph |", text.getvalue())
        self.assertIn("| mlp | tf32 |  |  |  | nchw compiled graph, nchw eager graph |", text.getvalue())

    def compile(self, program, names, limit, at_once):
        workers = Counted(*[program] * 18)
        text = io.StringIO()
        with QUIET(text):
            self.assertEqual(peer_torch.compile_all(names, limit, at_once, workers), 0)
        return workers.most, text.getvalue().splitlines()

    def test_compilers_at_once(self):
        for at_once in (1, 3):
            most, said = self.compile("time.sleep(0.2)\n" + ALL, ["lenet-34", "mlp"], 60, at_once)
            self.assertEqual(most, at_once)
            self.assertEqual([line.rpartition(": ")[2] for line in said], ["compiled"] * 6)

    def test_compilers_that_have_no_time(self):
        most, said = self.compile("time.sleep(60)", ["lenet-34", "mlp"], 0.5, 2)
        self.assertEqual(most, 2)
        self.assertEqual([line.rpartition(": ")[2] for line in said], ["not in time"] * 6)

    def test_at_once_is_of_compilers(self):
        for words in (["--at-once", "2"], ["--compile", "--at-once", "0"]):
            with self.assertRaises(SystemExit) as stop, contextlib.redirect_stderr(io.StringIO()):
                peer_torch.arguments(words)
            self.assertEqual(stop.exception.code, 2)


class KernelsTest(unittest.TestCase):
    """The table of kernels."""

    class Bench:
        """Right, wrong, and failing shapes."""

        def passes(self, shape):
            if shape.kernel_w == 11:
                raise RuntimeError("launch failed")
            yield "forward", {
                "error": 1e-7 if shape.kernel_h == 5 else float("inf"),
                "own_us": 10.0,
                "cudnn_fp32_us": 5.0,
                "cudnn_tf32_us": 4.0,
            }

    def rows(self, seconds=60):
        with QUIET(io.StringIO()):
            return kernels.measure_all(self.Bench(), ["lenet-34 conv1", "cifarnet 1", "seqcnn conv1"], seconds)

    def finish(self, rows):
        with QUIET(io.StringIO()):
            return kernels.finish(rows, types.SimpleNamespace(json=None, markdown=None), {})

    def test_what_is_wrong_or_fails_is_told(self):
        rows = self.rows()
        self.assertEqual([r["result"] for r in rows], ["right", "WRONG", "FAILED RuntimeError: launch failed"])
        self.assertEqual(self.finish(rows), 1)
        self.assertEqual(self.finish(rows[:1]), 0)

    def test_the_limit(self):
        rows = self.rows(-1)
        self.assertEqual({r["result"] for r in rows}, {"not run: the time was up"})

    def test_arguments(self):
        for words in (["--cubins", "/tmp", "no such shape"], [], ["--cubins", "/nowhere", "mlp"]):
            with self.assertRaises(SystemExit) as stop, contextlib.redirect_stderr(io.StringIO()):
                kernels.arguments(words)
            self.assertEqual(stop.exception.code, 2)


class WithoutGpuTest(unittest.TestCase):
    """Exit codes that gpu-check.sh knows."""

    def run_both(self):
        codes = []
        text = io.StringIO()
        with QUIET(text):
            codes.append(peer_torch.main([]))
            codes.append(kernels.main(["--cubins", "/tmp"]))
        return codes, text.getvalue()

    def test_no_torch(self):
        with mock.patch.dict(sys.modules, torch=None):
            self.assertEqual(self.run_both(), ([11, 11], "no torch\nno torch\n"))

    def test_no_gpu(self):
        torch = types.SimpleNamespace(cuda=types.SimpleNamespace(is_available=lambda: False))
        with mock.patch.dict(sys.modules, torch=torch):
            self.assertEqual(self.run_both(), ([10, 10], "no GPU\nno GPU\n"))

    def test_tables(self):
        rows = [{"a": "x", "b": 1.234}, {"a": "y"}]
        self.assertEqual(
            report.table((("A", "a"), ("B", "b", "%.1f")), rows), "| A | B |\n|---|---:|\n| x | 1.2 |\n| y |  |"
        )


if __name__ == "__main__":
    unittest.main()
