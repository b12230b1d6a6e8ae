#!/usr/bin/env python3
"""Compares the engine with transformers and torch on random models of many shapes.

    python3 scripts/check_parity.py [--miniplm .build/release/miniplm] [--only NAME] [--keep DIR]
                                    [--precision f32|bf16|int8]

Every case makes a model, saves it as transformers does, lets `miniplm probe` read it, and compares
logits, losses, every gradient and ten AdamW losses; then transformers loads the folder that
`miniplm probe --save` wrote and must give the same logits. Needs torch and transformers; the
engine's own tests do not.

In reduced precision both sides are compared with torch in f32: what bf16 costs torch.autocast is the
measure for logits and gradients, and int8 has a bound of its own for logits.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile

import torch
import transformers
from safetensors.torch import load_file, save_file

from make_model_fixtures import END_OF_TEXT, chunk_mean_loss, scatter, ten_steps

SHARED = dict(initializer_range=0.1, bos_token_id=END_OF_TEXT, eos_token_id=END_OF_TEXT)
LENGTHS = [150, 2, 64, 33, 65]


def rope(theta=1e4, **keys):
    return {"rope_theta": theta, "rope_type": "default", **keys}


def qwen2(**keys):
    base = dict(
        vocab_size=211, hidden_size=64, intermediate_size=112, num_hidden_layers=3,
        num_attention_heads=4, num_key_value_heads=4, rope_parameters=rope(1e6), **SHARED)
    return transformers.Qwen2ForCausalLM, transformers.Qwen2Config(**{**base, **keys})


def qwen3(**keys):
    base = dict(
        vocab_size=211, hidden_size=64, intermediate_size=112, num_hidden_layers=3,
        num_attention_heads=4, num_key_value_heads=2, head_dim=24, rope_parameters=rope(1e6),
        **SHARED)
    return transformers.Qwen3ForCausalLM, transformers.Qwen3Config(**{**base, **keys})


def llama(**keys):
    base = dict(
        vocab_size=211, hidden_size=64, intermediate_size=112, num_hidden_layers=3,
        num_attention_heads=4, num_key_value_heads=2, rope_parameters=rope(), **SHARED)
    return transformers.LlamaForCausalLM, transformers.LlamaConfig(**{**base, **keys})


def mistral(**keys):
    base = dict(
        vocab_size=211, hidden_size=64, intermediate_size=112, num_hidden_layers=3,
        num_attention_heads=4, num_key_value_heads=2, rope_parameters=rope(), **SHARED)
    return transformers.MistralForCausalLM, transformers.MistralConfig(**{**base, **keys})


def mamba(**keys):
    base = dict(vocab_size=211, hidden_size=48, num_hidden_layers=3, **SHARED)
    return transformers.MambaForCausalLM, transformers.MambaConfig(**{**base, **keys})


CASES = {
    "qwen2-14-heads-2-kv": lambda: qwen2(
        hidden_size=14 * 8, num_attention_heads=14, num_key_value_heads=2,
        tie_word_embeddings=True),
    "qwen2-head-dim-80": lambda: qwen2(
        hidden_size=160, num_attention_heads=2, num_key_value_heads=1, vocab_size=257),
    "qwen2-head-dim-128": lambda: qwen2(
        hidden_size=256, num_attention_heads=2, num_key_value_heads=2, num_hidden_layers=1),
    "qwen2-padding-token": lambda: qwen2(pad_token_id=7, tie_word_embeddings=True),
    "qwen2-large-vocabulary": lambda: qwen2(vocab_size=70001, num_hidden_layers=1),
    "qwen3": lambda: qwen3(),
    "qwen3-16-heads-8-kv": lambda: qwen3(
        hidden_size=48, num_attention_heads=16, num_key_value_heads=8, head_dim=8,
        tie_word_embeddings=True),
    "qwen3-head-dim-128": lambda: qwen3(
        num_attention_heads=2, num_key_value_heads=1, head_dim=128, num_hidden_layers=2,
        tie_word_embeddings=True),
    "qwen3-biases-padding": lambda: qwen3(attention_bias=True, pad_token_id=7),
    "llama-3-scaling": lambda: llama(
        rope_parameters=rope(
            5e5, rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
            original_max_position_embeddings=64), max_position_embeddings=512),
    "llama-linear-scaling": lambda: llama(rope_parameters=rope(rope_type="linear", factor=2.5)),
    "llama-biases": lambda: llama(attention_bias=True, mlp_bias=True, tie_word_embeddings=True),
    "llama-head-dim-20": lambda: llama(head_dim=20, num_key_value_heads=1),
    "qwen2-yarn-windows": lambda: qwen2(
        rope_parameters=rope(
            rope_type="yarn", factor=4.0, original_max_position_embeddings=64,
            attention_factor=1.1), use_sliding_window=True, sliding_window=70,
        max_window_layers=1),
    "qwen3-dynamic-windows": lambda: qwen3(
        rope_parameters=rope(rope_type="dynamic", factor=4.0), max_position_embeddings=100,
        use_sliding_window=True, sliding_window=17,
        layer_types=["sliding_attention", "full_attention", "sliding_attention"]),
    "llama-longrope": lambda: llama(
        rope_parameters=rope(
            rope_type="longrope", short_factor=[1.0 + i / 8 for i in range(8)],
            long_factor=[2.0 + i for i in range(8)], original_max_position_embeddings=64),
        max_position_embeddings=512),
    "mistral": lambda: mistral(sliding_window=None),
    "mistral-window": lambda: mistral(sliding_window=40, head_dim=24),
    "mamba": lambda: mamba(),
    "mamba-64-states": lambda: mamba(state_size=64, conv_kernel=3, tie_word_embeddings=False),
    "mamba-8-states-biases": lambda: mamba(
        state_size=8, use_bias=True, use_conv_bias=False, expand=3, time_step_rank=7),
    "mamba-odd-sizes": lambda: mamba(
        hidden_size=37, state_size=5, conv_kernel=2, expand=1, vocab_size=1003),
}
STORED = {
    "llama-3-scaling": torch.bfloat16, "qwen2-head-dim-80": torch.float16,
    "mamba-64-states": torch.bfloat16, "qwen3-head-dim-128": torch.bfloat16,
}


def relative(found, expected):
    return ((found - expected).norm() / (expected.norm() + 1e-12)).item()


def logits_of(model, chunks):
    with torch.no_grad():
        return torch.cat([model(chunk[None, :-1]).logits[0] for chunk in chunks])


class Case:
    """A random model in a folder, chunks of tokens in a file."""

    def __init__(self, name, root):
        torch.manual_seed(len(name))
        self.family, self.configuration = CASES[name]()
        model = self.family(self.configuration)
        scatter(model)
        self.folder = os.path.join(root, name)
        model.to(STORED.get(name, torch.float32)).save_pretrained(
            self.folder, max_shard_size="200KB")
        self.model = self.read(self.folder).train()

        self.chunks = [
            torch.randint(4, self.configuration.vocab_size, (length,)) for length in LENGTHS]
        self.chunks[0][5::11] = END_OF_TEXT
        self.chunks[3][1::4] = 7
        offsets = [0]
        for chunk in self.chunks:
            offsets.append(offsets[-1] + len(chunk))
        self.tokens = self.folder + ".tokens.safetensors"
        self.output = self.folder + ".out.safetensors"
        save_file(
            {"tokens": torch.cat(self.chunks).int(), "offsets": torch.tensor(offsets).int(),
             "end_of_text": torch.tensor([END_OF_TEXT]).int()}, self.tokens)

    def read(self, folder):
        return self.family.from_pretrained(
            folder, dtype=torch.float32, attn_implementation="eager")

    def probe(self, miniplm, *options):
        # Kept from an earlier run; the program overwrites nothing.
        if os.path.exists(self.output):
            os.remove(self.output)
        subprocess.run(
            [*miniplm, "probe", self.folder, "--tokens", self.tokens, "--output", self.output,
             *options], check=True, stdout=subprocess.DEVNULL)
        return load_file(self.output)

    def gradients(self):
        """Of the mean over chunks, by name."""
        self.model.zero_grad()
        chunk_mean_loss(self.model, self.chunks).backward()
        return {
            "grad." + name: parameter.grad.clone()
            for name, parameter in self.model.named_parameters()}


def report(name, errors):
    good = all(error <= limit for error, limit in errors.values())
    figures = "  ".join(f"{key} {error:.1e}" for key, (error, _) in errors.items())
    print(f"{'ok  ' if good else 'FAIL'} {name:24} {figures}", flush=True)
    return good


def check_reduced(name, miniplm, root, precision):
    case = Case(name, root)
    trains = precision == "bf16"
    found = case.probe(miniplm, "--precision", precision, *(["--gradients"] if trains else []))
    expected = logits_of(case.model, case.chunks)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        autocast = relative(logits_of(case.model, case.chunks).float(), expected)
    loss = chunk_mean_loss(case.model, case.chunks)
    errors = {"loss": (abs(found["loss"].item() - loss.item()), 0.05)}
    if "logits" in found:
        limit = 1.5 * autocast if trains else 0.06
        errors["logits"] = (relative(found["logits"], expected), limit)
    if trains:
        exact = case.gradients()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            rounded = case.gradients()
        assert exact.keys() == {key for key in found if key.startswith("grad.")}
        ours = {key: relative(found[key], exact[key]) for key in exact}
        theirs = {key: relative(rounded[key], exact[key]) for key in exact}
        worst = max(theirs.values())
        errors["worst gradient"] = (max(ours.values()), 2 * worst)
        mean = sum(theirs.values()) / len(theirs)
        errors["mean gradient"] = (sum(ours.values()) / len(ours), 1.1 * mean)
        errors["autocast: logits"] = (autocast, 1)
        errors["worst"] = (worst, 1)
        errors["mean"] = (mean, 1)
    return report(name, errors)


def check(name, miniplm, root):
    case = Case(name, root)
    configuration, chunks, model = case.configuration, case.chunks, case.model
    saved = case.folder + "-saved"
    shutil.rmtree(saved, ignore_errors=True)
    found = case.probe(miniplm, "--gradients", "--steps", "10", "--save", saved)

    errors = {}
    expected = logits_of(model, chunks)
    if "logits" in found:
        errors["logits"] = ((found["logits"] - expected).abs().max().item(), 1e-4)
    loss = chunk_mean_loss(model, chunks)
    errors["loss"] = (abs(found["loss"].item() - loss.item()), 1e-5)
    gradients = case.gradients()
    assert gradients.keys() == {key for key in found if key.startswith("grad.")}
    errors["gradients"] = (max(relative(found[key], gradients[key]) for key in gradients), 1e-3)
    again = case.read(saved)
    before, after = model.state_dict(), again.state_dict()
    assert before.keys() == after.keys(), "names of saved tensors differ"
    assert all(torch.equal(before[key], after[key]) for key in before), "saved weights differ"
    # Equal weights at other addresses: torch's own rounding differs by alignment.
    errors["saved"] = ((logits_of(again, chunks) - expected).abs().max().item(), 1e-5)
    original = json.loads(configuration.to_json_string(use_diff=False))
    written = json.loads(again.config.to_json_string(use_diff=False))
    ignored = {"dtype", "transformers_version", "architectures", "_name_or_path", "use_cache"}
    changed = {
        key for key in original
        if key not in ignored and key in written and original[key] != written[key]}
    assert not changed, f"config.json differs in {changed}"
    losses = ten_steps(model, chunks)
    errors["ten steps"] = ((found["losses"] - losses).abs().max().item(), 1e-4)

    return report(name, errors)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--miniplm", default=".build/release/miniplm")
    parser.add_argument("--only")
    parser.add_argument("--precision", default="f32", choices=["f32", "bf16", "int8"])
    parser.add_argument("--keep", help="folder for models and outputs")
    arguments = parser.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    with tempfile.TemporaryDirectory() as temporary:
        root = arguments.keep or temporary
        names = [name for name in CASES if arguments.only in (None, name)]
        miniplm = arguments.miniplm.split()
        results = [
            check(name, miniplm, root) if arguments.precision == "f32"
            else check_reduced(name, miniplm, root, arguments.precision) for name in names]
    sys.exit(0 if results and all(results) else 1)


if __name__ == "__main__":
    main()
