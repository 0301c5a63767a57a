#!/usr/bin/env python3
"""Modelled beside measured: kernels and steps by roofline.py, and what a folder of results measured.

    model.py [RESULTS] [--json F]     RESULTS: a folder of gpu-check.sh; without results of a GPU the model stands alone

What is off by more than 30 % is marked. Exit code 0; 2 for wrong arguments.
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
    return [row(name, kernels, StepModel(gpu, name, kernels).us) for name in zoo.NETWORKS for kernels in KERNELS]


def kernel_rows(gpu, results):
    """Of kernels.json."""
    rows = []
    for line in results.get("kernels", []):
        if "own_us" not in line:
            continue
        shape, pass_name = convolutions.SHAPES[line["shape"]], line["pass"]
        what = "%s, %s" % (line["shape"], pass_name)
        rows.append(row(what, "own", roofline.PASSES[pass_name](gpu, shape), line["own_us"]))
        rows.append(row(what, "cudnn", roofline.cudnn_us(gpu, shape, pass_name), line["cudnn_fp32_us"]))
    return rows


def step_rows(gpu, folder):
    """Of step-NETWORK-KERNELS.json, with batches as the model has them."""
    rows = []
    for name, network in zoo.NETWORKS.items():
        for kernels in KERNELS:
            facts = read(os.path.join(folder, "step-%s-%s.json" % (name, kernels)))
            if (
                facts.get("batch") == network.batch
                and facts.get("input") == network.input
                and "cuda" in facts.get("device", "")
            ):
                measured = network.batch / facts["train_samples_per_s"] * 1e6
                rows.append(row(name + ", whole step", kernels, StepModel(gpu, name, kernels).us, measured))
    return rows


def read(path):
    """JSON, or nothing where there is no such file."""
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def device(folder):
    """The name of the GPU that the results are of, or an empty text."""
    names = [read(path).get("device", "") for path in sorted(glob.glob(os.path.join(glob.escape(folder), "*.json")))]
    return next((n for n in names if isinstance(n, str) and n and not n.startswith("cpu")), "")


def main(words):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", nargs="?", help="folder of results")
    parser.add_argument("--json", help="file for the rows")
    chosen = parser.parse_args(words)
    if chosen.results and not os.path.isdir(chosen.results):
        parser.error("there is no folder " + chosen.results)
    found = device(chosen.results) if chosen.results else ""
    gpu = gpus.by_device(found)
    tables = {}
    if gpu:
        tables[found] = kernel_rows(gpu, read(os.path.join(chosen.results, "kernels.json"))) + step_rows(
            gpu, chosen.results
        )
    if not tables.get(found):
        print(
            "no results of %s: modelled only, nothing here was measured"
            % ("a GPU that the model knows" if not gpu else found)
        )
        tables = {g.name: alone(g) for g in gpus.ALL}
    for name, rows in tables.items():
        print("\n%s, modelled%s\n" % (name, " beside measured" if gpu and name == found else ""))
        print(report.table(COLUMNS if "measured_us" in rows[0] else COLUMNS[:3], rows))
        marked = sum(r.get("mark") == "off" for r in rows)
        if marked:
            print("\n%d of %d are off by more than 30 %%: each is to be explained" % (marked, len(rows)))
    if chosen.json:
        report.save(chosen.json, tables)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
