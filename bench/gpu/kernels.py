#!/usr/bin/env python3
"""Lamella's convolution kernels on a GPU, without Java, compared with cuDNN (PyTorch's) in fp32 and tf32.

    kernels.py --cubins FOLDER [--json F] [--markdown F] [--seconds LIMIT] [SHAPE ...]

FOLDER has a folder of machine code for every architecture (sm_90 ...), as a bundle's kernels/. Every pass is first
checked in double precision, then timed in a CUDA graph. Ours is a pass as a step has it: forward with bias, pool and
tanh, the filter gradient with the sum of its slices, gradients from what was pooled. cuDNN's is the convolution alone
(forward with its bias), on the map before the pool. Exit codes: 0 all right, 1 a pass is wrong or failed,
2 arguments, 10 no GPU, 11 no PyTorch.
"""
import argparse
import os
import sys
import time

import convolutions
import report

# Relative error of a whole tensor that single precision may have.
LIMIT = 1e-5
COLUMNS = (
    ("shape", "shape"),
    ("pass", "pass"),
    ("own, us", "own_us", "%.1f"),
    ("GFLOP/s, counted dense", "own_gflops", "%.0f"),
    ("cuDNN fp32, us", "cudnn_fp32_us", "%.1f"),
    ("cuDNN tf32, us", "cudnn_tf32_us", "%.1f"),
    ("error", "error", "%.1e"),
    ("result", "result"),
)


def arguments(words):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cubins", required=True, help="folder with a folder of machine code for every architecture")
    parser.add_argument("--json", help="file for the results")
    parser.add_argument("--markdown", help="file for the table")
    parser.add_argument(
        "--seconds", type=float, default=90, help="no further shape begins after this time (default: 90)"
    )
    parser.add_argument("shapes", nargs="*", metavar="SHAPE", help="of: " + ", ".join(convolutions.SHAPES))
    chosen = parser.parse_args(words)
    unknown = [s for s in chosen.shapes if s not in convolutions.SHAPES]
    if unknown:
        parser.error("no shape '%s'; there are %s" % (unknown[0], ", ".join(convolutions.SHAPES)))
    if not os.path.isdir(chosen.cubins):
        parser.error("--cubins: there is no folder " + chosen.cubins)
    return chosen


def row_of(name, shape, pass_name, measured):
    """A line of the table. `measured`: error, own_us, cudnn_fp32_us, cudnn_tf32_us."""
    row = {"shape": name, "pass": pass_name, **measured}
    row["own_gflops"] = shape.flop() / measured["own_us"] * 1e-3
    row["result"] = "right" if measured["error"] <= LIMIT else "WRONG"
    return row


def measure_all(bench, names, seconds):
    """Rows of all shapes; a failure or a timeout is a row too."""
    rows = []
    end = time.monotonic() + seconds
    for name in names:
        if time.monotonic() > end:
            rows.append({"shape": name, "pass": "all", "result": "not run: the time was up"})
            continue
        try:
            shape = convolutions.SHAPES[name]
            for pass_name, measured in bench.passes(shape):
                rows.append(row_of(name, shape, pass_name, measured))
        except (RuntimeError, OSError) as error:
            rows.append({"shape": name, "pass": "all", "result": "FAILED " + report.first_line(error)})
        print(report.table(COLUMNS, rows).splitlines()[-1], flush=True)
    return rows


def finish(rows, chosen, facts):
    """Writes the files; the exit code."""
    text = report.table(COLUMNS, rows)
    if chosen.json:
        report.save(chosen.json, dict(facts, limit=LIMIT, kernels=rows))
    if chosen.markdown:
        with open(chosen.markdown, "w", encoding="utf-8") as file:
            file.write(text + "\n")
    print(text)
    return 0 if all(r["result"] == "right" or r["result"].startswith("not run") for r in rows) else 1


def main(words):
    chosen = arguments(words)
    torch, reason = report.gpu_torch()
    if torch is None:
        return report.not_here(reason)
    from kernel_bench import KernelBench

    architecture = "sm_%d%d" % torch.cuda.get_device_capability(0)
    folder = os.path.join(chosen.cubins, architecture)
    if not os.path.isdir(folder):
        print("no machine code for this GPU: there is no folder " + folder)
        return 1
    facts = {
        "device": torch.cuda.get_device_name(0),
        "architecture": architecture,
        "torch": torch.__version__,
        "cudnn": torch.backends.cudnn.version(),
    }
    print(", ".join("%s %s" % item for item in facts.items()))
    return finish(
        measure_all(KernelBench(torch, folder), chosen.shapes or list(convolutions.SHAPES), chosen.seconds),
        chosen,
        facts,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
