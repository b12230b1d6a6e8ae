"""Trains one student by MiniLLM with the program, and with plain PyTorch from the same weights on the same
samples, and compares the curves and the time.

    python scripts/check_minillm.py --program .build/release/miniplm --shards SHARDS --student DIR \
        --teacher DIR --steps 16 --batch 4 --rollouts 16 --rollout-epochs 2 --prompt-tokens 96 \
        --new-tokens 32 --chunk-tokens 129 --eos 0

The program keeps what it samples (--keep-rollouts); PyTorch takes the tokens and the order from there, and
works out everything else by itself (minillm_reference.py). For the time of sampling, PyTorch writes
one rollout by a loop over both models with their caches of keys and values (or states), in batches of
prompts of one length.
"""

import argparse
import json
import math
import pathlib
import subprocess
import sys
import tempfile
import time

import torch
from transformers import AutoModelForCausalLM

import minillm_reference as reference


def read_chunks(folder, most):
    import struct
    types = {4: ("i", 4), 8: ("H", 2)}
    number = 0
    while (index := pathlib.Path(folder) / f"data_{number}.idx").exists():
        head = index.read_bytes()
        count = struct.unpack_from("<Q", head, 18)[0]
        sizes = struct.unpack_from(f"<{count}i", head, 34)
        letter, width = types[head[17]]
        data = index.with_suffix(".bin").read_bytes()
        place = 0
        for size in sizes:
            yield list(struct.unpack_from(f"<{size}{letter}", data, place))[:most]
            place += size * width
        number += 1


def program_run(a, folder):
    command = [
        a.program, "train", "--model", a.student, "--shards", a.shards, "--run", f"{folder}/run",
        "--steps", a.steps, "--batch", a.batch, "--micro-batch", a.batch, "--warmup", a.warmup, "--lr",
        a.lr, "--min-lr", a.lr / 10, "--eos", a.eos, "--chunk-tokens", a.chunk_tokens, "--method",
        "minillm", "--teacher", a.teacher, "--kd-ratio", a.kd_ratio, "--prompt-tokens",
        a.prompt_tokens, "--new-tokens", a.new_tokens, "--rollouts", a.rollouts, "--rollout-epochs",
        a.rollout_epochs, "--teacher-share", a.share, "--decode-batch", a.decode_batch,
        "--precision", a.precision, "--teacher-precision", a.precision, "--checkpoint-every", 10**6,
        "--keep-rollouts", "--quiet"]
    subprocess.run([str(word) for word in command], check=True)
    log = pathlib.Path(f"{folder}/run/metrics.jsonl")
    if a.keep:
        pathlib.Path(a.keep).write_text(log.read_text())
    lines = map(json.loads, log.read_text().splitlines())
    files = sorted(pathlib.Path(f"{folder}/run/rollouts").iterdir())
    return (
        {line["step"]: line for line in lines if line["kind"] == "step"},
        [reference.read_rollout(file) for file in files])


def write(student, teacher, prompts, a):
    """One rollout by plain PyTorch, for its time."""
    shared = min(student.config.vocab_size, teacher.config.vocab_size)
    count = 0
    with torch.no_grad():
        groups = []
        for prompt in sorted(prompts, key=len):
            if not groups or len(groups[-1]) == a.decode_batch or len(groups[-1][0]) != len(prompt):
                groups.append([])
            groups[-1].append(prompt)
        for group in groups:
            tokens = torch.tensor(group)
            models = [(student, 1 - a.share)] + ([(teacher, a.share)] if a.share else [])
            caches = [dict() for _ in models]
            done = torch.zeros(len(group), dtype=torch.bool)
            for step in range(a.new_tokens):
                mixture = 0
                for (model, share), cache in zip(models, caches):
                    extra = {}
                    if cache and model.config.model_type == "mamba":
                        extra["cache_position"] = torch.tensor([model.config.conv_kernel])
                    found = model(tokens, use_cache=True, **cache, **extra)
                    key = "cache_params" if model.config.model_type == "mamba" else "past_key_values"
                    cache[key] = found[key]
                    logits = found.logits[:, -1, :shared].float()
                    mixture = mixture + share * torch.softmax(logits, -1)
                tokens = torch.multinomial(mixture, 1)
                count += int((~done).sum())
                done |= tokens[:, 0] == a.eos
                if done.all():
                    break
    return count


def main():
    parser = argparse.ArgumentParser()
    for name in ["program", "shards", "student", "teacher"]:
        parser.add_argument(f"--{name}", required=True)
    for name, value in [
        ("steps", 16), ("batch", 4), ("warmup", 2), ("eos", 0), ("chunk-tokens", 129),
        ("prompt-tokens", 96), ("new-tokens", 32), ("rollouts", 16), ("rollout-epochs", 2),
        ("decode-batch", 16),
    ]:
        parser.add_argument(f"--{name}", type=int, default=value)
    for name, value in [("lr", 1e-3), ("kd-ratio", 0.5), ("share", 0.2)]:
        parser.add_argument(f"--{name}", type=float, default=value)
    parser.add_argument("--precision", choices=["f32", "bf16"], default="f32")
    parser.add_argument("--keep", help="where the program's metrics go")
    a = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ours, rollouts = program_run(a, folder)
    torch.manual_seed(0)
    kind = torch.bfloat16 if a.precision == "bf16" else torch.float32
    student = AutoModelForCausalLM.from_pretrained(a.student, dtype=torch.float32).eval()
    teacher = AutoModelForCausalLM.from_pretrained(a.teacher, dtype=kind).eval()
    settings = dict(
        share=a.share, reward_scaling=0.5, reward_clip=100.0, discount=0.95, ratio_clip=0.2,
        single_step=1.0, text_weight=1.0, temperature=1.0, kd_ratio=a.kd_ratio, eos=a.eos)
    optimiser = torch.optim.AdamW(
        student.parameters(), lr=a.lr, betas=(0.9, 0.98), eps=1e-6, weight_decay=0.01)
    chunks = list(read_chunks(a.shards, a.chunk_tokens))
    per_epoch = a.rollouts // a.batch
    worst = {}
    step_times, scoring_times, writing_times = [], [], []
    for step in range(a.steps):
        number, place = divmod(step, per_epoch * a.rollout_epochs)
        epoch, part = divmod(place, per_epoch)
        samples, order, _ = rollouts[number]
        if place == 0:
            start = time.monotonic()
            write(student, teacher, [prompt for prompt, _ in samples], a)
            writing_times.append(time.monotonic() - start)
            start = time.monotonic()
            scored, _ = reference.score(student, teacher, samples, settings)
            scoring_times.append(time.monotonic() - start)
        start = time.monotonic()
        for group in optimiser.param_groups:
            group["lr"] = reference.rate(step, a.steps, a.warmup, a.lr, a.lr / 10)
        optimiser.zero_grad()
        mine = order[epoch][part * a.batch:(part + 1) * a.batch]
        first = step % (len(chunks) // a.batch) * a.batch
        figures = reference.step(
            student, teacher, [scored[index] for index in mine], chunks[first:first + a.batch],
            settings)
        norm = torch.nn.utils.clip_grad_norm_(student.parameters(), 1.0).item()
        optimiser.step()
        step_times.append(time.monotonic() - start)
        line = ours.get(step + 1)
        if line is None:
            continue
        mine = dict(
            loss=line["loss"], gradientNorm=line["gradientNorm"],
            **{k: line["minillm"][k] for k in ["policyLoss", "reverseKL", "clippedShare"]},
            **{k: line["distillation"][k] for k in ["lmLoss", "kdLoss"]})
        figures["gradientNorm"] = norm
        for key, value in mine.items():
            worst[key] = max(worst.get(key, 0), abs(value - figures[key]))
        print(f"step {step + 1}: " + ", ".join(
            f"{key} {value:.4f} {figures[key]:.4f}" for key, value in mine.items()), flush=True)
    print("largest differences: " + ", ".join(f"{k} {v:.2e}" for k, v in worst.items()))
    lines = list(ours.values())
    rollout_times = [
        line["minillm"]["rolloutSeconds"] for line in lines if "rolloutSeconds" in line["minillm"]]
    print(
        f"seconds of a rollout, best: program {min(rollout_times):.3f}, PyTorch "
        f"{min(map(sum, zip(writing_times, scoring_times))):.3f} (writing {min(writing_times):.3f}); "
        f"of a step: program {min(line['stepMilliseconds'] for line in lines) / 1000:.3f}, PyTorch "
        f"{min(step_times):.3f}")
    if not all(math.isfinite(value) for value in worst.values()):
        sys.exit("figures that are no numbers")


main()
