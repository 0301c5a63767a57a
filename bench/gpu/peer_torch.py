#!/usr/bin/env python3
"""The same networks in PyTorch on the same GPU, in every mode that could be its best: whole training steps.

    peer_torch.py [--seconds S] [--limit LIMIT] [--mode-limit S] [--json F] [--markdown F] [NET ...]
    peer_torch.py --compile [--at-once N] [--limit LIMIT] [NET ...]     compiles only, into PyTorch's cache on disk

A step is forward, binary cross-entropy, backward and SGD with momentum. The input is on the GPU already, which
Lamella's steps upload. Exit codes: 0 done, 1 nothing could be measured, 2 arguments, 10 no GPU, 11 no PyTorch.
"""
import argparse
import json
import queue
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import report
import zoo

COLUMNS = (
    ("network", "network"),
    ("precision", "precision"),
    ("mode", "mode"),
    ("samples/s", "samples_per_s", "%.0f"),
    ("us a step", "us_a_step", "%.1f"),
    ("best", "best"),
    ("", "failure"),
)
# The best of each network and precision, with the modes that might have been better.
BEST_COLUMNS = COLUMNS[:5] + (("not run for lack of time", "not_run"),)
# Seconds of a process in addition to its measurements: imports and the first kernels.
START_SECONDS = 20
# Processes that compile: each holds about 1 GB of host memory and a context on the GPU.
AT_ONCE = 6
LATE = "no result in time"
NOT_RUN = "not run: the time was up"


@dataclass(frozen=True)
class Mode:
    """One way in which PyTorch runs a step."""

    precision: str
    channels_last: bool
    compiled: bool
    graph: bool

    def __str__(self):
        return " ".join(
            [
                "channels last" if self.channels_last else "nchw",
                "compiled" if self.compiled else "eager",
                "graph" if self.graph else "no graph",
            ]
        )


def modes(name):
    """What could be the best for a network, the likeliest first; and once how people write it."""
    layouts = (False,) if name == "mlp" else (False, True)
    likely = [
        Mode(precision, last, compiled, True)
        for compiled in (True, False)
        for last in layouts
        for precision in ("fp32", "tf32")
    ]
    return likely + [Mode("fp32", False, False, False)]


def arguments(words):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=0.4, help="of each measurement (default: 0.4)")
    parser.add_argument("--limit", type=float, default=100, help="of all networks (default: 100 s)")
    parser.add_argument(
        "--mode-limit", type=float, default=25, help="of one mode, compilation included (default: 25 s)"
    )
    parser.add_argument("--json", help="file for the results")
    parser.add_argument("--markdown", help="file for the table")
    parser.add_argument("--compile", action="store_true", help="only compile")
    parser.add_argument("--at-once", type=int, help="processes that compile (default: %d)" % AT_ONCE)
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("networks", nargs="*", metavar="NET", help="of: " + ", ".join(zoo.NETWORKS))
    chosen = parser.parse_args(words)
    unknown = [n for n in chosen.networks if n not in zoo.NETWORKS]
    if unknown:
        parser.error("no network '%s'; there are %s" % (unknown[0], ", ".join(zoo.NETWORKS)))
    if chosen.at_once is not None and not chosen.compile:
        parser.error("--at-once has no effect without --compile")
    if chosen.at_once is not None and chosen.at_once < 1:
        parser.error("--at-once takes 1 or more, got %d" % chosen.at_once)
    chosen.networks = chosen.networks or list(zoo.NETWORKS)
    return chosen


# ---- A worker: one process that measures modes of one network and prints a line of JSON for each.


def worker(torch, name, chosen_modes, seconds):
    from torch_step import TorchStep

    for mode in chosen_modes:
        row = {"network": name, "precision": mode.precision, "mode": str(mode)}
        try:
            row["facts"] = facts_of(torch)
            rate = TorchStep(torch, name, mode).rate(seconds)
            batch = zoo.NETWORKS[name].batch
            row.update(samples_per_s=rate * batch, us_a_step=1e6 / rate)
        except Exception as error:  # a mode of PyTorch may fail in any way; the next one is tried
            row["failure"] = report.first_line(error)
        print(json.dumps(row), flush=True)


def facts_of(torch):
    return {
        "device": torch.cuda.get_device_name(0),
        "torch": torch.__version__,
        "cudnn": torch.backends.cudnn.version(),
        "input": "on the GPU already",
    }


def worker_command(name, chosen_modes, seconds):
    picked = json.dumps([name, [[m.precision, m.channels_last, m.compiled, m.graph] for m in chosen_modes], seconds])
    return [sys.executable, __file__, "--worker", picked]


def run_worker(text):
    name, picked, seconds = json.loads(text)
    torch, reason = report.gpu_torch()
    if torch is None:
        return report.not_here(reason)
    worker(torch, name, [Mode(*m) for m in picked], seconds)
    return 0


# ---- The parent: gives every mode its time, and starts a new process after one that hung.


def measure(name, seconds, mode_limit, limit, start=subprocess.Popen):
    """Rows of a network; a mode that hangs, crashes or is too late is a row with its reason."""
    left = list(modes(name))
    rows = []
    stop = time.monotonic() + limit
    while left and time.monotonic() < stop:
        process = start(worker_command(name, left, seconds), stdout=subprocess.PIPE, text=True)
        for row in lines(process, START_SECONDS + mode_limit, mode_limit, stop):
            rows.append(row)
            left.pop(0)
            print(report.table(COLUMNS, [row]).splitlines()[-1], flush=True)
        if left and time.monotonic() < stop:  # the first of those left did not come back
            rows.append(missing(name, left.pop(0), LATE))
    return rows + [missing(name, mode, NOT_RUN) for mode in left]


def missing(name, mode, why):
    return {"network": name, "precision": mode.precision, "mode": str(mode), "failure": why}


def lines(process, first_limit, limit, stop):
    """A process's lines of JSON, each waited for as long as its limit; then the process has ended."""
    found = queue.Queue()

    def read():
        for line in process.stdout:
            found.put(line)
        found.put(None)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    wait = first_limit
    try:
        while True:
            line = found.get(timeout=max(0.01, min(wait, stop - time.monotonic())))
            if line is None:
                return
            if line.startswith("{"):
                yield json.loads(line)
                wait = limit
    except queue.Empty:
        pass
    finally:
        process.kill()
        process.wait()
        reader.join(1)
        if not reader.is_alive():
            process.stdout.close()


def mark_best(rows):
    """The fastest mode of each network and precision."""
    for key in {(r["network"], r["precision"]) for r in rows}:
        own = [r for r in rows if (r["network"], r["precision"]) == key and "samples_per_s" in r]
        if own:
            max(own, key=lambda r: r["samples_per_s"])["best"] = "best"
    return rows


def best_rows(rows):
    """A line for each network and precision: its best mode, and the modes that had no time."""
    best = []
    for key in dict.fromkeys((r["network"], r["precision"]) for r in rows):
        own = [r for r in rows if (r["network"], r["precision"]) == key]
        late = ", ".join(r["mode"] for r in own if r.get("failure") in (LATE, NOT_RUN))
        fastest = next((r for r in own if "best" in r), {"network": key[0], "precision": key[1]})
        best.append(dict(fastest, not_run=late))
    return best


def compile_all(names, limit, at_once=AT_ONCE, start=subprocess.Popen):
    """Every mode that is compiled, in a process of its own, some at once; what they compile stays on disk."""
    stop = time.monotonic() + limit

    def one(job):
        name, mode = job
        found = []
        if time.monotonic() < stop:
            process = start(worker_command(name, [mode], 0), stdout=subprocess.PIPE, text=True)
            found = list(lines(process, max(0.01, stop - time.monotonic()), 1, stop))
        state = "not in time" if not found else found[0].get("failure", "compiled")
        print("%s, %s %s: %s" % (name, mode.precision, mode, state), flush=True)

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(one, [(name, mode) for name in names for mode in modes(name) if mode.compiled]))
    return 0


def main(words):
    chosen = arguments(words)
    if chosen.worker:
        return run_worker(chosen.worker)
    torch, reason = report.gpu_torch()
    if torch is None:
        return report.not_here(reason)
    if chosen.compile:
        return compile_all(chosen.networks, chosen.limit, chosen.at_once or AT_ONCE)
    return finish(measure_networks(chosen), chosen)


def measure_networks(chosen):
    """Each network has its share of the time that is left."""
    rows = []
    stop = time.monotonic() + chosen.limit
    for place, name in enumerate(chosen.networks):
        share = (stop - time.monotonic()) / (len(chosen.networks) - place)
        rows += measure(name, chosen.seconds, chosen.mode_limit, share)
    return mark_best(rows)


def take_facts(rows):
    """Facts about PyTorch and the GPU, from the workers. This process does not ask for them itself: a GPU that only one
    process at a time can use would then be closed to the workers."""
    facts = [row.pop("facts") for row in rows if "facts" in row]
    return facts[0] if facts else {}


def finish(rows, chosen):
    facts = take_facts(rows)
    print(", ".join("%s %s" % item for item in facts.items()), flush=True)
    text = report.table(COLUMNS, rows)
    if chosen.json:
        report.save(chosen.json, dict(facts, peers=rows))
    if chosen.markdown:
        with open(chosen.markdown, "w", encoding="utf-8") as file:
            file.write(text + "\n")
    print(report.table(BEST_COLUMNS, best_rows(rows)))
    return 0 if any("samples_per_s" in r for r in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
