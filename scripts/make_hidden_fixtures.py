#!/usr/bin/env python3
"""Writes hidden.safetensors beside the model fixtures of Tests/LanguageModelsTests, from transformers.

    python3 scripts/make_hidden_fixtures.py [Tests/LanguageModelsTests/Fixtures]

mean [chunks, d]: of every chunk in expected.safetensors, run alone, the mean over all its tokens of the
last hidden state, which is what the final norm gives.
"""
import os
import sys

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModel

NAMES = [
    "qwen2-gqa-tied", "qwen2-mha-untied", "llama3-untied", "mamba-tied", "mamba-biased",
    "qwen3-gqa-tied", "qwen3-biased-untied", "mistral-window",
]


def main(root):
    for name in NAMES:
        folder = os.path.join(root, name)
        arguments = {} if name.startswith("mamba") else {"attn_implementation": "eager"}
        model = AutoModel.from_pretrained(folder, dtype=torch.float32, **arguments).eval()
        expected = load_file(os.path.join(folder, "expected.safetensors"))
        offsets = expected["chunk_offsets"].tolist()
        means = []
        for start, end in zip(offsets, offsets[1:]):
            chunk = expected["chunks"][start:end].long()
            with torch.no_grad():
                means.append(model(chunk[None]).last_hidden_state[0].mean(0))
        save_file({"mean": torch.stack(means)}, os.path.join(folder, "hidden.safetensors"))
        print(name, tuple(means[0].shape))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "Tests/LanguageModelsTests/Fixtures")
