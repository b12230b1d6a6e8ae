#!/usr/bin/env python3
"""Writes what transformers generates from the parity fixtures of Tests/LanguageModelsTests.

    python3 scripts/make_generation_fixtures.py [Tests/LanguageModelsTests/Fixtures]

generation.safetensors beside the model folders holds
    greedy.<model>.<i>.prompt, .tokens   int32  generate(do_sample=False), end-of-text included
    greedy.<model>.<i>.log_probabilities of these tokens
    filters.logits                       [rows, V], with ties
    filters.settings                     [n, 3]  temperature, top-k (0: none), top-p
    filters.probabilities                [n, rows, V]  after the warpers in their order
The models are those of make_model_fixtures.py; run that first.
"""
import os
import sys

import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM
from transformers.generation.logits_process import (
    LogitsProcessorList,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

MODELS = [
    "qwen2-gqa-tied", "qwen2-mha-untied", "llama3-untied", "mamba-tied", "mamba-biased",
    "qwen3-gqa-tied", "qwen3-biased-untied", "qwen2-yarn", "llama-dynamic", "llama-longrope",
    "qwen2-window", "qwen3-window", "mistral-window", "mistral-whole",
]
PROMPT_LENGTHS = [1, 5, 29, 70]
NEW_TOKENS = 40
SETTINGS = [
    (1.0, 0, 1.0), (0.5, 0, 1.0), (1.0, 1, 1.0), (1.0, 7, 1.0), (2.0, 40, 1.0), (1.0, 0, 0.9),
    (0.7, 0, 0.3), (1.5, 0, 0.999), (1.0, 0, 0.01), (0.8, 20, 0.95), (1.3, 5, 0.5), (1.0, 500, 0.6),
]


def greedy(root):
    tensors = {}
    for name in MODELS:
        for index, length in enumerate(PROMPT_LENGTHS):
            # A new one each time: some rotations remember the longest sequence they have seen.
            model = AutoModelForCausalLM.from_pretrained(
                os.path.join(root, name), dtype=torch.float32, attn_implementation="eager").eval()
            vocabulary = model.config.vocab_size
            torch.manual_seed(100 + index)
            prompt = torch.randint(4, vocabulary, (1, length))
            with torch.no_grad():
                out = model.generate(
                    prompt, attention_mask=torch.ones_like(prompt), do_sample=False,
                    max_new_tokens=NEW_TOKENS, pad_token_id=0, output_logits=True,
                    return_dict_in_generate=True)
            new = out.sequences[0, length:]
            log_probabilities = torch.cat(out.logits).log_softmax(-1).gather(1, new[:, None])[:, 0]
            key = f"greedy.{name}.{index}."
            tensors[key + "prompt"] = prompt[0].int()
            tensors[key + "tokens"] = new.int()
            tensors[key + "log_probabilities"] = log_probabilities.contiguous()
    return tensors


def filters():
    torch.manual_seed(7)
    rows = [
        torch.randn(131) * 3,
        torch.randn(131) * 0.1,
        # Ties inside and at the borders.
        (torch.randn(131) * 2).round(),
        torch.cat([torch.randn(100) * 8, torch.full((31,), -1e30)]),
    ]
    logits = torch.stack(rows)
    probabilities = []
    for temperature, k, p in SETTINGS:
        warpers = LogitsProcessorList()
        if temperature != 1:
            warpers.append(TemperatureLogitsWarper(temperature))
        if k:
            warpers.append(TopKLogitsWarper(k))
        if p < 1:
            warpers.append(TopPLogitsWarper(p))
        probabilities.append(warpers(None, logits).softmax(-1))
    return {
        "filters.logits": logits, "filters.settings": torch.tensor(SETTINGS, dtype=torch.float32),
        "filters.probabilities": torch.stack(probabilities)}


def main(root):
    save_file({**greedy(root), **filters()}, os.path.join(root, "generation.safetensors"))


if __name__ == "__main__":
    default = os.path.join(
        os.path.dirname(__file__), "..", "Tests", "LanguageModelsTests", "Fixtures")
    main(sys.argv[1] if len(sys.argv) > 1 else default)
