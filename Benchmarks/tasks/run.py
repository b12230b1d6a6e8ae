#!/usr/bin/env python3
"""Measures zero-shot evaluation against lm-evaluation-harness, alternately, on the first items of HellaSwag.

The harness runs in every setting that a user could pick (batch size, dtype, malloc as it is and tuned);
the best of them counts. Every measurement is a process of its own: ours, theirs, ours, theirs. Lines go
to a JSON-lines file; the table goes between the markers of a Markdown file."""

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "peers")]
from contenders import TUNED
from measuring import Progress, measure

BEGIN, END = "<!-- tasks: begin -->", "<!-- tasks: end -->"


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="folder of the model, as SmolLM2-135M's")
    parser.add_argument("items", help="HellaSwag's validation split as JSON lines")
    parser.add_argument("--python", default=sys.executable,
                        help="a Python with lm-eval 0.4.13, torch and transformers (this one)")
    parser.add_argument("--program", default=str(ROOT / ".build/release/miniplm"))
    parser.add_argument("--limit", type=int, default=200, help="items (200)")
    parser.add_argument("--rounds", type=int, default=2, help="runs of each (2)")
    parser.add_argument("--batches", default="4,16,64", help="batch sizes of the harness (4,16,64)")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--timeout", type=float, default=900, help="seconds of a run at most (900)")
    parser.add_argument("--output", default="tasks-bench.jsonl", help="JSON lines, appended")
    parser.add_argument("--write", metavar="FILE", help="Markdown file whose table is replaced")
    return parser.parse_args()


def has_bf16():
    with open("/proc/cpuinfo") as file:
        return "avx512_bf16" in file.read()


def processor():
    with open("/proc/cpuinfo") as file:
        text = file.read()
    name = next((line.split(":")[1].strip() for line in text.splitlines()
                 if line.startswith("model name")), platform.processor())
    sets = [title for flag, title in (("avx512_bf16", "AVX-512 BF16"), ("avx512f", "AVX-512"),
                                      ("avx2", "AVX2")) if flag in text]
    return f"{name}, {sets[0] if sets else 'neither AVX2 nor AVX-512'}"


def ours(options, precision):
    return [options.program, "bench", "tasks", options.model, options.items, "--limit",
            str(options.limit), "--precision", precision, "--threads", str(options.threads),
            "--json"]


def theirs(options, dtype, batch):
    return [options.python, str(HERE / "harness.py"), options.model, options.items, "--limit",
            str(options.limit), "--dtype", dtype, "--batch", str(batch), "--threads",
            str(options.threads)]


def table(lines, options):
    names = dict.fromkeys(line["contender"] for line in lines)
    rows = []
    for name in names:
        runs = [line for line in lines if line["contender"] == name and "error" not in line]
        if not runs:
            error = next(line["error"] for line in lines if line["contender"] == name)
            rows.append((0, f"| {name} | failed: {error[:60]} | | | |"))
            continue
        best = max(run["itemsPerSecond"] for run in runs)
        rows.append((best, (name, best, statistics.median(run["itemsPerSecond"] for run in runs),
                            max(run["peakResidentBytes"] for run in runs), runs[0]["acc_norm"])))
    harness = [cells for _, cells in rows if not isinstance(cells, str) and "lm-eval" in cells[0]]
    top = max(harness, key=lambda cells: cells[1]) if harness else None
    library = next((line["library"] for line in lines if "library" in line), "lm-eval failed")
    text = [BEGIN,
            f"`Benchmarks/tasks/run.py`, {time.strftime('%Y-%m-%d')}: the first {options.limit} items of "
            f"HellaSwag, {Path(options.model).name}, {options.threads} threads, {processor()}; {library}; "
            f"best (median) of {options.rounds}, peak resident memory of the process.",
            "", "| what | items/s | against the harness' best | memory, GiB | acc_norm |",
            "|---|---:|---:|---:|---:|"]
    for _, cells in sorted(rows, key=lambda row: -row[0]):
        if isinstance(cells, str):
            text.append(cells)
            continue
        name, best, median, memory, acc = cells
        ratio = f"{best / top[1]:.2f}x" if top else ""
        share = f"{memory / 2**30:.2f}"
        text.append(f"| {name} | {best:.2f} ({median:.2f}) | {ratio} | {share} | {acc:.3f} |")
    return "\n".join(text + [END])


def replace(path, text):
    old = path.read_text()
    if BEGIN not in old or END not in old:
        sys.exit(f"{path} has no markers {BEGIN} and {END}")
    new = old[:old.index(BEGIN)] + text + old[old.index(END) + len(END):]
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
        file.write(new)
    os.chmod(file.name, path.stat().st_mode)
    os.replace(file.name, path)


def main():
    options = arguments()
    dtypes = ["float32"] + (["bfloat16"] if has_bf16() else [])
    batches = [int(text) for text in options.batches.split(",")]
    us = [(f"miniplm {precision}", ours(options, precision), {})
          for precision in ("f32", "bf16", "int8")]
    peers = [(f"lm-eval {dtype}, batch {batch}{', malloc tuned' if tuned else ''}",
              theirs(options, dtype, batch), TUNED if tuned else {})
             for dtype in dtypes for batch in batches for tuned in (False, True)]
    lines = []
    progress = Progress(options.rounds * (len(us) + len(peers)))
    for turn in range(options.rounds):
        # Ours stand between theirs, so that a slow minute hits both.
        order = list(peers)
        for place, one in enumerate(us):
            order.insert((place + 1) * len(peers) // len(us) + place, one)
        for name, command, environment in order:
            progress.say(name)
            line = measure(command, options.timeout, environment)
            progress.done += 1
            line.update(contender=name, round=turn)
            print("    " + (line.get("error") or f"{line['itemsPerSecond']:.2f} items/s"),
                  file=sys.stderr)
            lines.append(line)
            with open(options.output, "a") as file:
                file.write(json.dumps(line) + "\n")
    text = table(lines, options)
    print(text)
    if options.write:
        replace(Path(options.write), text)


if __name__ == "__main__":
    main()
