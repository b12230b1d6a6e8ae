#!/usr/bin/env python3
"""Writes the event file of Tests/TrainingTests with TensorBoard's own messages and framing.

    python3 scripts/make_event_fixtures.py [Tests/TrainingTests/Fixtures/events]

events.json
    what a run tells: a start, steps, samples
run.tfevents
    the same as an event file (TensorBoard 2.21, wall time 1700000000.25 + number of the record),
    read back by EventAccumulator
"""
import json
import os
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboard.summary.writer.record_writer import RecordWriter

CHECKPOINTS = "/nowhere/run/checkpoints"


def step(number, loss, norm, refused=False):
    return {"step": number, "totalSteps": 40, "epoch": number / 16, "tokensSeen": 512 * number,
            "loss": loss, "smoothedLoss": 4.5 - number / 100, "learningRate": 6e-4 / number,
            "gradientNorm": norm, "clipped": False, "clippedShare": 0.25, "refused": refused,
            "tokensPerSecond": 1234.5, "stepMilliseconds": 17.25, "dataShare": 0.01,
            "secondsRemaining": 3.5}


def scalars(m):
    nan = float("nan")
    return [("train/loss", nan if m["loss"] is None else m["loss"]),
            ("train/grad_norm", nan if m["gradientNorm"] is None else m["gradientNorm"]),
            ("train/learning_rate", m["learningRate"]), ("train/epoch", m["epoch"]),
            ("train/clipped_share", m["clippedShare"]), ("train/tokens_seen", m["tokensSeen"]),
            ("train/tokens_per_second", m["tokensPerSecond"]),
            ("train/step_seconds", m["stepMilliseconds"] / 1000),
            ("train/loss_smoothed", m["smoothedLoss"])]


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else "Tests/TrainingTests/Fixtures/events"
    os.makedirs(folder, exist_ok=True)
    steps = [step(21, 4.125, 0.75), step(22, 3.999, 1e-3), step(23, None, None, True)]
    for m in steps:
        for key in [k for k in m if m[k] is None]:
            del m[key]
    samples = [{"step": 23, "tokensSeen": 11776, "prompt": "Once upon", "text": " a time\nü",
                "tokenCount": 5, "logProbability": -3.5}]
    with open(f"{folder}/events.json", "w") as file:
        json.dump({"start": 20, "steps": steps, "samples": samples}, file, indent=1)
    events = [Event(file_version="brain.Event:2"),
              Event(step=21, session_log=SessionLog(
                  status=SessionLog.START, checkpoint_path=CHECKPOINTS))]
    for m in steps:
        m = {"loss": None, "gradientNorm": None} | m
        events.append(Event(step=m["step"], summary=Summary(value=[
            Summary.Value(tag=tag, simple_value=value) for tag, value in scalars(m)])))
    text = "\n".join("    " + line for line in "Once upon a time\nü".split("\n"))
    events.append(Event(step=23, summary=Summary(value=[Summary.Value(
        tag="samples/0",
        metadata=SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="text")),
        tensor=TensorProto(
            dtype=7, tensor_shape=TensorShapeProto(dim=[TensorShapeProto.Dim(size=1)]),
            string_val=[text.encode()]))])))
    path = f"{folder}/run.tfevents"
    with open(path, "wb") as file:
        writer = RecordWriter(file)
        for number, event in enumerate(events):
            event.wall_time = 1700000000.25 + number
            writer.write(event.SerializeToString(deterministic=True))
        writer.flush()
    read = EventAccumulator(path)
    read.Reload()
    assert [e.step for e in read.Scalars("train/loss")] == [21, 22, 23], read.Tags()
    print(path, os.path.getsize(path), read.Tags())


main()
