"""Trains one student by vanilla knowledge distillation with the program and with plain PyTorch, from
the same weights on the same chunks, and compares the curves, the time of a step and the memory.

    python scripts/check_distillation.py --program .build/release/miniplm --shards SHARDS \
        --student DIR --teacher DIR --steps 40 --batch 4 [--precision bf16] [--temperature 2]

The head in PyTorch goes by blocks of tokens, each computed again in its backward pass, so that no
[tokens x vocabulary] tensor stays there either. bf16 is autocast with f32 parameters.
"""

import argparse
import json
import math
import os
import pathlib
import resource
import struct
import subprocess
import sys
import tempfile
import time

import torch
import torch.utils.checkpoint
from transformers import AutoModelForCausalLM


def read_chunks(folder):
    """The chunks of token shards, as they stand in .bin and .idx."""
    types = {4: ("i", 4), 8: ("H", 2)}
    number = 0
    while (index := pathlib.Path(folder) / f"data_{number}.idx").exists():
        head = index.read_bytes()
        code = head[17]
        count = struct.unpack_from("<Q", head, 18)[0]
        sizes = struct.unpack_from(f"<{count}i", head, 34)
        letter, width = types[code]
        data = index.with_suffix(".bin").read_bytes()
        place = 0
        for size in sizes:
            yield list(struct.unpack_from(f"<{size}{letter}", data, place))
            place += size * width
        number += 1


def rate(done, arguments):
    if done < arguments.warmup:
        return arguments.lr * done / arguments.warmup
    progress = (done - arguments.warmup) / max(1, arguments.steps - arguments.warmup)
    low = arguments.lr / 10
    return low + 0.5 * (arguments.lr - low) * (1 + math.cos(math.pi * progress))


def block_parts(states, weight, teacher_states, teacher_weight, labels, weights, temperature):
    """Weighted sums of LM and KL of one block of tokens."""
    logits = (states @ weight.T).float()
    with torch.no_grad():
        targets = (teacher_states @ teacher_weight.T).float()
    shared = min(logits.shape[-1], targets.shape[-1])
    lm = torch.nn.functional.cross_entropy(logits, labels, reduction="none")
    log_q = torch.log_softmax(logits[:, :shared] / temperature, -1)
    log_p = torch.log_softmax(targets[:, :shared] / temperature, -1)
    kd = (log_p.exp() * (log_p - log_q)).sum(-1)
    return torch.stack([(lm * weights).sum(), (kd * weights).sum()])


def torch_run(arguments, chunks):
    torch.manual_seed(0)
    student = AutoModelForCausalLM.from_pretrained(arguments.student, dtype=torch.float32)
    kind = torch.bfloat16 if arguments.precision == "bf16" else torch.float32
    teacher = AutoModelForCausalLM.from_pretrained(arguments.teacher, dtype=kind).eval()
    optimiser = torch.optim.AdamW(
        student.parameters(), lr=arguments.lr, betas=(0.9, 0.98), eps=1e-6, weight_decay=0.01)
    rows, times = [], []
    k, temperature = arguments.ratio, arguments.temperature
    for step in range(arguments.steps):
        start = time.monotonic()
        for group in optimiser.param_groups:
            group["lr"] = rate(step, arguments)
        optimiser.zero_grad()
        sums = torch.zeros(2)
        for chunk in chunks[step * arguments.batch:(step + 1) * arguments.batch]:
            tokens = torch.tensor(chunk[:1025])[None]
            inputs, labels = tokens[:, :-1], tokens[0, 1:]
            counted = (inputs[0] != arguments.eos).float()
            weights = counted / counted.sum() / arguments.batch
            with torch.autocast("cpu", torch.bfloat16, enabled=arguments.precision == "bf16"):
                states = student.base_model(inputs)[0][0]
                with torch.no_grad():
                    others = teacher.base_model(inputs)[0][0]
                # The blocks' gradients meet here, and go through the layers once.
                meeting = states.detach().requires_grad_()
                for first in range(0, len(labels), arguments.block):
                    part = slice(first, first + arguments.block)
                    found = torch.utils.checkpoint.checkpoint(
                        block_parts, meeting[part], student.get_output_embeddings().weight,
                        others[part], teacher.get_output_embeddings().weight, labels[part],
                        weights[part], temperature, use_reentrant=False)
                    loss = (1 - k) * found[0] + k * temperature**2 * found[1]
                    loss.backward()
                    sums += found.detach()
                states.backward(meeting.grad)
        norm = torch.nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimiser.step()
        times.append(time.monotonic() - start)
        rows.append((sums[0].item(), sums[1].item(), norm.item()))
    return rows, times


def program_run(arguments, folder):
    command = [
        arguments.program, "train", "--model", arguments.student, "--shards", arguments.shards,
        "--run", f"{folder}/run", "--steps", arguments.steps, "--batch", arguments.batch,
        "--micro-batch", 1, "--warmup", arguments.warmup, "--lr", arguments.lr, "--min-lr",
        arguments.lr / 10, "--eos", arguments.eos, "--method", "vanilla-kd", "--teacher",
        arguments.teacher, "--kd-ratio", arguments.ratio, "--temperature", arguments.temperature,
        "--precision", arguments.precision, "--teacher-precision", arguments.precision,
        "--checkpoint-every", 10**6, "--quiet"]
    process = subprocess.Popen([str(word) for word in command])
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit("the program failed")
    lines = pathlib.Path(f"{folder}/run/metrics.jsonl").read_text().splitlines()
    steps = [line for line in map(json.loads, lines) if line["kind"] == "step"]
    rows = {
        line["step"]: (
            line["distillation"]["lmLoss"], line["distillation"]["kdLoss"], line["gradientNorm"])
        for line in steps}
    shares = [line["distillation"]["kdGradientShare"] for line in steps]
    times = [line["stepMilliseconds"] / 1000 for line in steps]
    return rows, times, shares, usage.ru_maxrss


def main():
    parser = argparse.ArgumentParser()
    for name in ["program", "shards", "student", "teacher"]:
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--warmup", type=int, default=4)
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--ratio", type=float, default=0.5)
    parser.add_argument("--temperature", type=float, default=1)
    parser.add_argument("--eos", type=int, default=0)
    parser.add_argument("--block", type=int, default=512)
    parser.add_argument("--precision", choices=["f32", "bf16"], default="f32")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ours, our_times, shares, our_memory = program_run(arguments, folder)
    theirs, their_times = torch_run(arguments, list(read_chunks(arguments.shards)))
    worst = [0, 0, 0]
    for step, row in sorted(ours.items()):
        other = theirs[step - 1]
        worst = [max(w, abs(a - b)) for w, a, b in zip(worst, row, other)]
        print(
            f"step {step}: LM {row[0]:.4f} {other[0]:.4f}, KL {row[1]:.4f} {other[1]:.4f}, "
            f"norm {row[2]:.4f} {other[2]:.4f}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"largest differences: LM {worst[0]:.2e}, KL {worst[1]:.2e}, norm {worst[2]:.2e}")
    print(f"share of the gradient that the divergence has: {min(shares):.2f} to {max(shares):.2f}")
    print(
        f"seconds a step, best: program {min(our_times):.3f}, PyTorch {min(their_times):.3f}; "
        f"memory, GiB: {our_memory / 2**20:.2f}, {memory / 2**20:.2f}")


main()
