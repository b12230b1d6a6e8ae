#!/usr/bin/env python3
"""Compares the engine with transformers and torch on random models of many shapes.

    python3 scripts/check_parity.py [--miniplm .build/release/miniplm] [--only NAME] [--keep DIR]

Every case makes a model, saves it as transformers does, lets `miniplm probe` read it, and compares
logits, losses, every gradient and ten AdamW losses; then transformers loads the folder that
`miniplm probe --save` wrote and must give the same logits. Needs torch and transformers; the
engine's own tests do not.
"""
import argparse
import json
import os
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


def llama(**keys):
    base = dict(
        vocab_size=211, hidden_size=64, intermediate_size=112, num_hidden_layers=3,
        num_attention_heads=4, num_key_value_heads=2, rope_parameters=rope(), **SHARED)
    return transformers.LlamaForCausalLM, transformers.LlamaConfig(**{**base, **keys})


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
    "llama-3-scaling": lambda: llama(
        rope_parameters=rope(
            5e5, rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
            original_max_position_embeddings=64), max_position_embeddings=512),
    "llama-linear-scaling": lambda: llama(rope_parameters=rope(rope_type="linear", factor=2.5)),
    "llama-biases": lambda: llama(attention_bias=True, mlp_bias=True, tie_word_embeddings=True),
    "llama-head-dim-20": lambda: llama(head_dim=20, num_key_value_heads=1),
    "mamba": lambda: mamba(),
    "mamba-64-states": lambda: mamba(state_size=64, conv_kernel=3, tie_word_embeddings=False),
    "mamba-8-states-biases": lambda: mamba(
        state_size=8, use_bias=True, use_conv_bias=False, expand=3, time_step_rank=7),
    "mamba-odd-sizes": lambda: mamba(
        hidden_size=37, state_size=5, conv_kernel=2, expand=1, vocab_size=1003),
}
STORED = {
    "llama-3-scaling": torch.bfloat16, "qwen2-head-dim-80": torch.float16,
    "mamba-64-states": torch.bfloat16,
}


def relative(found, expected):
    return ((found - expected).norm() / (expected.norm() + 1e-12)).item()


def logits_of(model, chunks):
    with torch.no_grad():
        return torch.cat([model(chunk[None, :-1]).logits[0] for chunk in chunks])


def check(name, miniplm, root):
    torch.manual_seed(len(name))
    family, configuration = CASES[name]()
    model = family(configuration)
    scatter(model)
    folder = os.path.join(root, name)
    stored = STORED.get(name, torch.float32)
    model.to(stored).save_pretrained(folder, max_shard_size="200KB")
    read = dict(dtype=torch.float32, attn_implementation="eager")
    model = family.from_pretrained(folder, **read).train()

    chunks = [torch.randint(4, configuration.vocab_size, (length,)) for length in LENGTHS]
    chunks[0][5::11] = END_OF_TEXT
    chunks[3][1::4] = 7
    offsets = [0]
    for chunk in chunks:
        offsets.append(offsets[-1] + len(chunk))
    tokens = os.path.join(root, name + ".tokens.safetensors")
    output = os.path.join(root, name + ".out.safetensors")
    save_file(
        {"tokens": torch.cat(chunks).int(), "offsets": torch.tensor(offsets).int(),
         "end_of_text": torch.tensor([END_OF_TEXT]).int()}, tokens)
    saved = folder + "-saved"
    subprocess.run(
        [*miniplm, "probe", folder, "--tokens", tokens, "--output", output, "--gradients",
         "--steps", "10", "--save", saved], check=True, stdout=subprocess.DEVNULL)
    found = load_file(output)

    errors = {}
    expected = logits_of(model, chunks)
    if "logits" in found:
        errors["logits"] = ((found["logits"] - expected).abs().max().item(), 1e-4)
    loss = chunk_mean_loss(model, chunks)
    errors["loss"] = (abs(found["loss"].item() - loss.item()), 1e-5)
    loss.backward()
    names = set()
    for parameter_name, parameter in model.named_parameters():
        names.add("grad." + parameter_name)
        error = relative(found["grad." + parameter_name], parameter.grad)
        errors["gradients"] = (max(error, errors.get("gradients", (0, 0))[0]), 1e-3)
    assert names == {key for key in found if key.startswith("grad.")}, "names of gradients differ"
    again = family.from_pretrained(saved, **read)
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

    good = all(error <= limit for error, limit in errors.values())
    figures = "  ".join(f"{key} {error:.1e}" for key, (error, _) in errors.items())
    print(f"{'ok  ' if good else 'FAIL'} {name:24} {figures}", flush=True)
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--miniplm", default=".build/release/miniplm")
    parser.add_argument("--only")
    parser.add_argument("--keep", help="folder for models and outputs")
    arguments = parser.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    with tempfile.TemporaryDirectory() as temporary:
        root = arguments.keep or temporary
        names = [name for name in CASES if arguments.only in (None, name)]
        results = [check(name, arguments.miniplm.split(), root) for name in names]
    sys.exit(0 if results and all(results) else 1)


if __name__ == "__main__":
    main()
