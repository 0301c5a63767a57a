#!/usr/bin/env python3
"""Model compared with measurement: kernels and steps by roofline.py, and the measurements in a folder of results.

    model.py [RESULTS] [--json F]     RESULTS: a folder of gpu-check.sh; without results of a GPU, only the model

What is off by more than 30 % is marked. A file that is damaged is named and left out. Only GPUs of the very names in
gpus.py are compared with the model. Exit code 0; 2 for wrong arguments.
"""
import argparse
import glob
import json
import os
import sys

import convolutions
import gpus
import report
import roofline
import zoo
from step_model import StepModel

TOLERANCE = 1.3
KERNELS = ("own", "auto", "cudnn")
COLUMNS = (
    ("what", "what"),
    ("kernels", "kernels"),
    ("modelled, us", "modelled_us", "%.1f"),
    ("measured, us", "measured_us", "%.1f"),
    ("measured / modelled", "ratio", "%.2f"),
    ("", "mark"),
)


def row(what, kernels, modelled, measured=None):
    """A line of the table."""
    line = {"what": what, "kernels": kernels, "modelled_us": modelled}
    if measured is not None:
        ratio = measured / modelled
        line.update(measured_us=measured, ratio=ratio, mark="off" if not 1 / TOLERANCE <= ratio <= TOLERANCE else "")
    return line


def alone(gpu):
    """The model without measurements: steps of all networks."""
    return [row(name, kernels, StepModel(gpu, name, kernels).us) for name in zoo.NETWORKS for kernels in choices(name)]


def choices(name):
    """Kernels that a network's steps are measured with."""
    return KERNELS if zoo.convolutional(zoo.NETWORKS[name]) else ("auto",)


def kernel_rows(gpu, results):
    """Of kernels.json."""
    rows = []
    for line in results.facts("kernels.json").get("kernels", []):
        if "own_us" not in line:
            continue
        shape, pass_name = convolutions.SHAPES[line["shape"]], line["pass"]
        what = "%s, %s" % (line["shape"], pass_name)
        rows.append(row(what, "own", roofline.PASSES[pass_name](gpu, shape), line["own_us"]))
        rows.append(row(what, "cudnn", roofline.cudnn_us(gpu, shape, pass_name), line["cudnn_fp32_us"]))
    return rows


def step_rows(gpu, results):
    """Of step-NETWORK-KERNELS.json, with batches as the model has them."""
    rows = []
    for name, network in zoo.NETWORKS.items():
        for kernels in choices(name):
            facts = results.facts("step-%s-%s.json" % (name, kernels))
            if facts.get("batch") == network.batch and facts.get("input") == network.input:
                measured = network.batch / facts["train_samples_per_s"] * 1e6
                rows.append(row(name + ", whole step", kernels, StepModel(gpu, name, kernels).us, measured))
    return rows


class Results:
    """Files of a folder, read once."""

    # Of gpu-check.sh and of this program: no measurements.
    OTHERS = ("summary.json", "model.json")

    def __init__(self, folder):
        paths = sorted(glob.glob(os.path.join(glob.escape(folder), "*.json"))) if folder else []
        self._files = {os.path.basename(p): read(p) for p in paths if os.path.basename(p) not in self.OTHERS}
        on_gpus = [n for n in (f.get("device", "") for f in self._files.values()) if n and not n.startswith("cpu")]
        self.names = sorted({gpus.name_of(n) for n in on_gpus})

    def facts(self, name):
        """The content of a file; nothing if there is none."""
        return self._files.get(name, {})


def read(path):
    """The JSON of a file; nothing, and a line that says so, if it is damaged."""
    try:
        with open(path, encoding="utf-8") as file:
            facts = json.load(file)
        if not isinstance(facts, dict):
            raise ValueError("no JSON object")
        check(os.path.basename(path), facts)
        return facts
    except (OSError, ValueError) as error:
        print("%s is damaged and left out: %s" % (path, report.first_line(error)))
        return {}


def check(name, facts):
    """What the tables need of a file of steps or of kernels."""
    numbers = []
    if name.startswith("step-"):
        numbers.append(facts.get("train_samples_per_s"))
    for line in facts.get("kernels", []) if name == "kernels.json" else []:
        if not isinstance(line, dict):
            raise ValueError("a line of kernels is no JSON object")
        if "own_us" in line:
            numbers += [line["own_us"], line.get("cudnn_fp32_us")]
            if line.get("shape") not in convolutions.SHAPES or line.get("pass") not in roofline.PASSES:
                raise ValueError("no convolution '%s', %s" % (line.get("shape"), line.get("pass")))
    if not all(isinstance(n, (int, float)) and 0 < n < float("inf") for n in numbers):
        raise ValueError("a time or a rate is no number above 0")
    if not isinstance(facts.get("device", ""), str):
        raise ValueError("the device is no text")


def why_alone(names, gpu):
    """Why nothing is compared."""
    if len(names) > 1:
        return "results of several GPUs are mixed (%s)" % ", ".join(names)
    if not names:
        return "no results of a GPU"
    if gpu:
        return "no results of %s that the model has, too" % names[0]
    return "the model does not know %s, only %s" % (names[0], ", ".join(gpus.BY_NAME))


def main(words):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", nargs="?", help="folder of results")
    parser.add_argument("--json", help="file for the rows")
    chosen = parser.parse_args(words)
    if chosen.results and not os.path.isdir(chosen.results):
        parser.error("there is no folder " + chosen.results)
    results = Results(chosen.results)
    found = results.names[0] if len(results.names) == 1 else ""
    gpu = gpus.by_name(found)
    tables = {}
    if gpu:
        tables[found] = kernel_rows(gpu, results) + step_rows(gpu, results)
    if not tables.get(found):
        print("%s: modelled only, nothing here was measured" % why_alone(results.names, gpu))
        tables = {g.name: alone(g) for g in gpus.ALL}
    for name, rows in tables.items():
        print("\n%s, modelled%s\n" % (name, " and measured" if gpu and name == found else ""))
        print(report.table(COLUMNS if "measured_us" in rows[0] else COLUMNS[:3], rows))
        marked = sum(r.get("mark") == "off" for r in rows)
        if marked:
            print("\n%d of %d are off by more than 30 %%: each is to be explained" % (marked, len(rows)))
    if chosen.json:
        report.save(chosen.json, tables)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
