#!/usr/bin/env python3
"""Lets transformers load the folder of every preset, as new-model writes it, and compares logits with those
that transformers has in float64: they may be as far from these as its own in float32.

    python3 scripts/check_presets.py [--miniplm .build/release/miniplm] [--tokenizer DIR] [PRESET ...]

Without --tokenizer only presets that state their vocabulary are made. Needs torch and transformers, and for
the largest preset 14 GiB."""
import argparse
import subprocess
import sys
import tempfile

import torch
import transformers
from safetensors.torch import load_file, save_file

BOUND = 5e-5  # of the largest logit


def names(miniplm):
    listed = subprocess.run([miniplm, "models", "--presets"], check=True, capture_output=True, text=True)
    return [line.split(":")[0] for line in listed.stdout.splitlines() if line and line[0] != " "]


def logits(miniplm, folder, tokens):
    save_file({"tokens": tokens.to(torch.int32)}, f"{folder}.tokens")
    subprocess.run(
        [miniplm, "probe", folder, "--tokens", f"{folder}.tokens", "-o", f"{folder}.out"],
        check=True, capture_output=True)
    return load_file(f"{folder}.out")["logits"]


def check(miniplm, preset, tokenizer, root):
    folder = f"{root}/{preset}"
    made = subprocess.run(
        [miniplm, "new-model", "--preset", preset, "-o", folder, "--seed", "3"]
        + (["--tokenizer", tokenizer] if tokenizer else []), capture_output=True, text=True)
    if made.returncode:
        print(f"{preset}: not made, {made.stderr.strip().splitlines()[-1]}")
        return None
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    tokens = torch.randint(
        0, model.config.vocab_size, (48,), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        single = model(tokens[None]).logits[0, :-1]
        exact = model.double()(tokens[None]).logits[0, :-1]

    def error(found):
        return ((found - exact).abs().max() / exact.abs().max()).item()

    ours, theirs = error(logits(miniplm, folder, tokens)), error(single)
    print(f"{preset}: {type(model).__name__}, {sum(p.numel() for p in model.parameters()):,} parameters, "
          f"largest deviation of a logit, of the largest: miniplm {ours:.1e}, transformers {theirs:.1e}",
          flush=True)
    return ours <= max(BOUND, theirs)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("presets", nargs="*")
    parser.add_argument("--miniplm", default=".build/release/miniplm")
    parser.add_argument("--tokenizer")
    options = parser.parse_args()
    results = []
    for preset in options.presets or names(options.miniplm):
        with tempfile.TemporaryDirectory() as root:
            results.append(check(options.miniplm, preset, options.tokenizer, root))
    if not any(result is not None for result in results):
        sys.exit("nothing was compared")
    if False in results:
        sys.exit(f"over {BOUND}")


if __name__ == "__main__":
    main()
