#!/usr/bin/env python3
"""Scores random chunks with transformers: the log-probability of every token. One JSON line."""

import argparse
import json

import torch

import torch_models

# Rows of logits that are turned into f32 at once: all of them would be memory for nothing.
ROWS = 256


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", help="config.json")
    parser.add_argument("--dtype", choices=["f32", "bf16"], default="f32")
    parser.add_argument("--length", type=int, default=1024)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20)
    return parser.parse_args()


def main():
    options = arguments()
    torch_models.use_threads(options.threads)
    with open(options.config) as file:
        values = json.load(file)
    dtype = {"f32": torch.float32, "bf16": torch.bfloat16}[options.dtype]
    model = torch_models.build(values, dtype).eval()
    torch.manual_seed(7)
    chunk = torch.randint(0, values["vocab_size"], (1, options.length + 1))
    targets = chunk[0, 1:]
    log_probabilities = torch.empty(options.length)

    def score():
        logits = model(chunk[:, :-1]).logits[0]
        for start in range(0, options.length, ROWS):
            rows = slice(start, start + ROWS)
            log_probabilities[rows] = -torch.nn.functional.cross_entropy(
                logits[rows].float(), targets[rows], reduction="none"
            )

    with torch.inference_mode():
        times = torch_models.timed(score, options.repeats, options.seconds)
    print(json.dumps(torch_models.result(
        options.length, times, -log_probabilities.mean().item())))


if __name__ == "__main__":
    main()
