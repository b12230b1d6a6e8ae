#!/usr/bin/env python3
"""Whole optimiser steps of PyTorch peers: forward, loss, backward, clipping, AdamW. One JSON line."""

import argparse
import json
import sys
import time
import types

import torch

import torch_models


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", help="config.json")
    parser.add_argument(
        "--peer", choices=["transformers", "transformers-mambapy", "mambapy"],
        default="transformers")
    parser.add_argument("--autocast", action="store_true", help="bf16 by torch.autocast")
    parser.add_argument("--compile", action="store_true", help="torch.compile")
    parser.add_argument("--length", type=int, default=1024)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20)
    return parser.parse_args()


def mambapy_model(values):
    """mambapy's language model: module and function of tokens that gives logits. Its head is not
    tied to the embedding, so it has more parameters than the shape."""
    # mambapy.lm imports a second model that needs a CUDA package; Mamba-1 does not use it.
    other = types.ModuleType("mambapy.mamba2")
    other.Mamba2 = other.Mamba2Config = type("Unused", (), {})
    sys.modules["mambapy.mamba2"] = other
    from mambapy.lm import LM
    from mambapy.mamba import MambaConfig

    model = LM(
        MambaConfig(
            d_model=values["hidden_size"], n_layers=values["num_hidden_layers"],
            d_state=values["state_size"], expand_factor=values["expand"],
            d_conv=values["conv_kernel"], pscan=True),
        vocab_size=values["vocab_size"])
    return model, model


def main():
    options = arguments()
    torch_models.use_threads(options.threads)
    with open(options.config) as file:
        values = json.load(file)
    if options.peer == "mambapy":
        model, logits_of = mambapy_model(values)
    else:
        changes = {"use_mambapy": True} if options.peer == "transformers-mambapy" else {}
        model = torch_models.build(values, torch.float32, **changes)
        logits_of = lambda tokens: model(tokens).logits
    model.train()
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=6e-4, betas=(0.9, 0.98), eps=1e-6, weight_decay=0.01, fused=True)
    torch.manual_seed(7)
    chunks = torch.randint(0, values["vocab_size"], (options.batch, options.length + 1))
    parts = {"forwardSeconds": [], "backwardSeconds": [], "updateSeconds": []}
    last = {}

    def loss_of(inputs, targets):
        logits = logits_of(inputs).float()
        return torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())

    if options.compile:
        loss_of = torch.compile(loss_of)

    def step():
        start = time.perf_counter()
        with torch.autocast("cpu", torch.bfloat16, enabled=options.autocast):
            loss = loss_of(chunks[:, :-1], chunks[:, 1:])
        forward = time.perf_counter()
        loss.backward()
        backward = time.perf_counter()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        end = time.perf_counter()
        last["loss"] = loss.item()
        parts["forwardSeconds"].append(forward - start)
        parts["backwardSeconds"].append(backward - forward)
        parts["updateSeconds"].append(end - backward)

    times = torch_models.timed(step, options.repeats, options.seconds)
    parameters = sum(parameter.numel() for parameter in model.parameters())
    print(json.dumps(torch_models.result(
        options.batch * options.length, times, last["loss"], parameters=parameters,
        **{name: min(values) for name, values in parts.items()})))


if __name__ == "__main__":
    main()
