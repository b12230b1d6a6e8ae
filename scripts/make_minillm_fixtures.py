"""Writes the fixtures of MiniLLM: what plain PyTorch (minillm_reference.py) computes in float64 for tiny
models of two families, with teachers of another size and another padded vocabulary.

    python scripts/make_minillm_fixtures.py Tests .build/release/miniplm

LanguageModelsTests/Fixtures/minillm/NAME.safetensors: for the pairs of Fixtures/distillation, sampled
sequences with figures drawn at random, and for every case the parts of the loss and the gradient of
every parameter. TrainingTests/Fixtures/minillm/NAME/: student/, teacher/ and shards/ of a run, and
expected.safetensors: a rollout whose tokens the program has sampled, all that is worked out of it, and
the figures and weights of the steps that train on it.
"""

import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

import torch
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM

import minillm_reference as reference

END_OF_TEXT = 3
# Temperature, factor of the divergence.
CASES = [(1.0, 1.0), (1.0, 0.0), (2.0, 0.5)]
WIDTH = 0.2
PAIRS = ["qwen2-larger-teacher", "llama-larger-student", "mamba-larger-teacher"]

RUNS = {
    "qwen2": (("qwen2", 37, 16), ("qwen3", 45, 24)),
    "mamba": (("mamba", 37, 16), ("qwen2", 37, 24)),
}
SETTINGS = dict(
    steps=6, batch=4, lr=1e-2, min_lr=1e-3, prompt=9, new=12, rollouts=12, epochs=2, share=0.2,
    reward_scaling=0.5, reward_clip=4.0, discount=0.95, ratio_clip=0.2, single_step=1.0,
    text_weight=0.7, temperature=1.25, kd_ratio=0.5, eos=END_OF_TEXT)


def gradients(folder, generator):
    """Losses and gradients of random samples with random figures."""
    student, teacher = [
        AutoModelForCausalLM.from_pretrained(folder / role).double().eval()
        for role in ["student", "teacher"]]
    shared = min(student.config.vocab_size, teacher.config.vocab_size)
    lengths = [(5, 9), (1, 1), (11, 4), (3, 12)]
    samples = [
        [torch.randint(0, shared, (length,), generator=generator).tolist() for length in pair]
        for pair in lengths]
    samples[2][0][4] = samples[0][1][8] = END_OF_TEXT
    count = sum(len(new) for _, new in samples)

    def noise(scale):
        return torch.randn(count, generator=generator, dtype=torch.float64) * scale

    with torch.no_grad():
        whole = torch.cat([reference.sampled(student, teacher, *sample)[0] for sample in samples])
    figures = torch.stack([noise(1), whole + noise(0.3), (0.1 + noise(0.4)).exp()]).float()
    tensors = {
        "tokens": torch.tensor(sum((p + n for p, n in samples), []), dtype=torch.int32),
        "lengths": torch.tensor(lengths, dtype=torch.int64),
        "advantages": figures[0], "old": figures[1], "weights": figures[2],
        "cases": torch.tensor(CASES, dtype=torch.float64),
    }
    for case, (temperature, factor) in enumerate(CASES):
        student.zero_grad()
        sums = [0.0, 0.0]
        clipped_count = place = 0
        columns = [[], [], []]
        for prompt, new in samples:
            found = reference.sampled(student, teacher, prompt, new, temperature)
            advantage, old, weight = figures[:, place:place + len(new)].double()
            place += len(new)
            losses, clipped = reference.policy_loss(found[0], old, advantage, weight, WIDTH)
            sums[0] = sums[0] + losses.sum() / count
            sums[1] = sums[1] + found[2].sum() / count
            clipped_count += clipped.sum().item()
            for column, values in zip(columns, found):
                column.append(values.detach())
        (sums[0] + factor * sums[1]).backward()
        tensors[f"{case}.parts"] = torch.tensor(
            [sums[0].item(), sums[1].item(), clipped_count / count], dtype=torch.float64)
        for name, column in zip(["log_q", "log_p", "divergence"], columns):
            tensors[f"{case}.{name}"] = torch.cat(column).float()
        for key, parameter in student.named_parameters():
            tensors[f"{case}.grad.{key}"] = parameter.grad.float().clone()
    return tensors


def make(family, vocabulary, width, seed):
    torch.manual_seed(seed)
    common = dict(
        vocab_size=vocabulary, hidden_size=width, num_hidden_layers=2, bos_token_id=END_OF_TEXT,
        eos_token_id=END_OF_TEXT, tie_word_embeddings=True)
    if family == "mamba":
        extra = dict(state_size=4, pad_token_id=0)
    else:
        extra = dict(
            intermediate_size=2 * width, num_attention_heads=2, num_key_value_heads=1,
            max_position_embeddings=64)
    if family == "qwen3":
        extra["head_dim"] = 8
    model = AutoModelForCausalLM.from_config(AutoConfig.for_model(family, **common, **extra))
    for name, parameter in model.named_parameters():
        # Flat distributions would hide a wrong one.
        if parameter.dim() > 1 and "A_log" not in name:
            torch.nn.init.normal_(parameter, std=0.25)
    return model.float().eval()


def write_shards(folder, chunks):
    folder.mkdir(parents=True)
    pointers, place = [], 0
    for chunk in chunks:
        pointers.append(place)
        place += 2 * len(chunk)
    count = len(chunks)
    (folder / "data_0.idx").write_bytes(
        b"MMIDIDX\0\0" + struct.pack("<QBQQ", 1, 8, count, 1)
        + struct.pack(f"<{count}i", *map(len, chunks)) + struct.pack(f"<{count}q", *pointers)
        + struct.pack("<q", 0))
    flat = sum(chunks, [])
    (folder / "data_0.bin").write_bytes(struct.pack(f"<{len(flat)}H", *flat))


def sample(program, folder, run):
    """Lets the program train; the path of the rollout that it kept."""
    s = SETTINGS
    command = [
        program, "train", "--model", folder / "student", "--shards", folder / "shards", "--run", run,
        "--steps", s["steps"], "--batch", s["batch"], "--micro-batch", 3, "--chunk-tokens", 25,
        "--warmup", 0, "--lr", s["lr"], "--min-lr", s["min_lr"], "--eos", s["eos"], "--method",
        "minillm", "--teacher", folder / "teacher", "--kd-ratio", s["kd_ratio"], "--temperature",
        s["temperature"], "--prompt-tokens", s["prompt"], "--new-tokens", s["new"], "--rollouts",
        s["rollouts"], "--rollout-epochs", s["epochs"], "--reward-clip", s["reward_clip"],
        "--text-weight", s["text_weight"], "--decode-batch", 5, "--keep-rollouts", "--quiet"]
    subprocess.run([str(word) for word in command], check=True)
    return f"{run}/rollouts/rollout-000001.safetensors"


def run(name, program, root):
    folder = root / name
    shutil.rmtree(folder, ignore_errors=True)
    seed = sorted(RUNS).index(name)
    student, teacher = [
        make(*shape, seed=30 + 10 * seed + place) for place, shape in enumerate(RUNS[name])]
    for role, model in [("student", student), ("teacher", teacher)]:
        model.save_pretrained(folder / role)
    generator = torch.Generator().manual_seed(seed)
    chunks = [
        torch.randint(0, 37, (length,), generator=generator).tolist()
        # One is shorter than a prompt.
        for length in [25, 25, 7, 25, 21, 25, 25, 13] * 3]
    write_shards(folder / "shards", chunks)
    with tempfile.TemporaryDirectory() as place:
        samples, order, columns = reference.read_rollout(sample(program, folder, f"{place}/run"))
    assert any(len(new) < SETTINGS["new"] for _, new in samples), "no sequence ended early"
    student.double()
    teacher.double()
    scored, rewards = reference.score(student, teacher, samples, SETTINGS)
    tensors = {
        "tokens": columns["tokens"], "offsets": columns["offsets"],
        "prompt_lengths": columns["prompt_lengths"], "order": columns["order"],
        "log_probabilities": torch.cat([row[2] for row in scored]),
        "importance_weights": torch.cat([row[3] for row in scored]),
        "advantages": torch.cat([row[4] for row in scored]), "rewards": torch.cat(rewards),
    }
    s = SETTINGS
    optimiser = torch.optim.AdamW(
        student.parameters(), lr=s["lr"], betas=(0.9, 0.98), eps=1e-6, weight_decay=0.01)
    rows = []
    places = [index for epoch in order for index in epoch]
    for step in range(s["steps"]):
        for group in optimiser.param_groups:
            group["lr"] = reference.rate(step, s["steps"], 0, s["lr"], s["min_lr"])
        optimiser.zero_grad()
        mine = slice(step * s["batch"], (step + 1) * s["batch"])
        figures = reference.step(
            student, teacher, [scored[index] for index in places[mine]], chunks[mine], s)
        norm = torch.nn.utils.clip_grad_norm_(student.parameters(), 1.0).item()
        optimiser.step()
        rows.append([
            figures[key] for key in
            ["loss", "policyLoss", "reverseKL", "clippedShare", "lmLoss", "kdLoss"]] + [norm])
        print(name, step, rows[-1])
    tensors["steps"] = torch.tensor(rows, dtype=torch.float64)
    for key, parameter in student.named_parameters():
        tensors[f"weight.{key}"] = parameter.detach().float().clone()
    save_file({key: value.contiguous() for key, value in tensors.items()},
              folder / "expected.safetensors")


def main():
    tests, program = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
    models = tests / "LanguageModelsTests/Fixtures"
    (models / "minillm").mkdir(exist_ok=True)
    for seed, name in enumerate(PAIRS):
        generator = torch.Generator().manual_seed(seed)
        save_file(
            gradients(models / "distillation" / name, generator),
            models / "minillm" / f"{name}.safetensors")
    for name in RUNS:
        run(name, program, tests / "TrainingTests/Fixtures/minillm")


main()
