#!/usr/bin/env python3
"""Compares the event files of a run with its metrics, as TensorBoard reads them.

    python3 scripts/check_events.py EVENTS RUN

Every step and evaluation of RUN/metrics.jsonl has to be there once, with the same numbers in single
precision; steps that were repeated after a crash may not come twice. Needs tensorboard.
"""
import json
import math
import sys

import numpy as np
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator


def main():
    events, run = sys.argv[1:3]
    read = EventAccumulator(events, size_guidance={"scalars": 0, "tensors": 0})
    read.Reload()
    tags = read.Tags()
    print("tags:", ", ".join(sorted(tags["scalars"])), "| texts:", ", ".join(tags["tensors"]))
    records = [json.loads(line) for line in open(f"{run}/metrics.jsonl")]
    steps = {r["step"]: r for r in records if r["kind"] == "step"}
    evaluations = {r["step"]: r for r in records if r["kind"] == "evaluation"}
    wanted = {
        "train/loss": {s: r.get("loss", math.nan) for s, r in steps.items()},
        "train/grad_norm": {s: r.get("gradientNorm", math.nan) for s, r in steps.items()},
        "train/learning_rate": {s: r["learningRate"] for s, r in steps.items()},
        "train/tokens_seen": {s: r["tokensSeen"] for s, r in steps.items()},
        "eval/loss": {s: r["losses"]["all"]["chunkMean"] for s, r in evaluations.items()}}
    failures = 0
    for tag, values in wanted.items():
        if not values:
            continue
        found = read.Scalars(tag)
        numbers = [e.step for e in found]
        by_step = {e.step: e.value for e in found}
        repeated = len(numbers) - len(by_step)
        missing = [s for s in values if s not in by_step]
        wrong = [s for s in values if s in by_step
                 and not np.array_equal(np.float32(values[s]), np.float32(by_step[s]), True)]
        ordered = all(a.wall_time <= b.wall_time for a, b in zip(found, found[1:]))
        print(f"{tag}: {len(found)} points, {len(values)} in metrics.jsonl, {repeated} repeated, "
              f"{len(missing)} missing, {len(wrong)} wrong, times in order: {ordered}")
        failures += repeated + len(missing) + len(wrong) + (not ordered)
    sys.exit(1 if failures else 0)


main()
