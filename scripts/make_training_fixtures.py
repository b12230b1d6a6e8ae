#!/usr/bin/env python3
"""Writes the parity fixtures of Tests/TrainingTests from transformers and torch.

    python3 scripts/make_training_fixtures.py [Tests/TrainingTests/Fixtures]

Each fixture is a model folder as transformers saves it, with its initial weights, and an
expected.safetensors beside it:
    chunks, chunk_offsets          int32  the corpus, chunks end to end; offsets has one more entry
    losses, gradient_norms, rates  f64    of each step of a run as MiniPLM trains
The run reads the chunks in order, four a step, round and round without the remainder; a chunk is cut
to 25 tokens and padded on the right with the end-of-text token; a position counts unless its input
is that token; the loss is the mean over chunks of each chunk's mean; the gradient is clipped to norm
1; AdamW decays every parameter; the rate follows warm-up and cosine from t = 0.
"""
import math
import os
import sys

import torch
from safetensors.torch import save_file
from transformers import MambaConfig, MambaForCausalLM, Qwen2Config, Qwen2ForCausalLM

END_OF_TEXT, CHUNK_TOKENS, CHUNKS_PER_STEP, STEPS = 2, 25, 4, 12
PEAK, MINIMUM, WARMUP = 1e-2, 1e-3, 3
ADAMW = dict(betas=(0.9, 0.95), eps=1e-6, weight_decay=0.1)


def models():
    shared = dict(
        vocab_size=53, bos_token_id=END_OF_TEXT, eos_token_id=END_OF_TEXT,
        pad_token_id=END_OF_TEXT, initializer_range=0.2)
    yield "qwen2", Qwen2ForCausalLM, Qwen2Config(
        hidden_size=20, intermediate_size=28, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=1, max_position_embeddings=64, tie_word_embeddings=True, **shared)
    yield "mamba", MambaForCausalLM, MambaConfig(
        hidden_size=20, num_hidden_layers=2, state_size=6, tie_word_embeddings=True, **shared)


def rate(t):
    if t < WARMUP:
        return PEAK * t / WARMUP
    progress = (t - WARMUP) / (STEPS - WARMUP)
    return MINIMUM + 0.5 * (PEAK - MINIMUM) * (1 + math.cos(math.pi * progress))


def corpus():
    generator = torch.Generator().manual_seed(17)
    lengths = torch.randint(3, 34, (30,), generator=generator).tolist()
    chunks = [torch.randint(0, 53, (n,), generator=generator) for n in lengths]
    for chunk in chunks:
        chunk[0] = max(int(chunk[0]), 3)  # at least one counted target
    return chunks


def step_loss(model, chunks):
    inputs = torch.full((len(chunks), CHUNK_TOKENS - 1), END_OF_TEXT)
    targets = inputs.clone()
    for row, chunk in enumerate(chunks):
        chunk = chunk[:CHUNK_TOKENS]
        inputs[row, : len(chunk) - 1] = chunk[:-1]
        targets[row, : len(chunk) - 1] = chunk[1:]
    mask = (inputs != END_OF_TEXT).float()
    logits = model(inputs).logits
    nll = torch.nn.functional.cross_entropy(
        logits.transpose(1, 2), targets, reduction="none")
    return ((nll * mask).sum(1) / mask.sum(1)).mean()


def main(folder):
    chunks = corpus()
    per_epoch = len(chunks) // CHUNKS_PER_STEP
    for name, kind, configuration in models():
        torch.manual_seed(5)
        model = kind(configuration).eval()
        model.save_pretrained(f"{folder}/{name}")
        optimizer = torch.optim.AdamW(model.parameters(), lr=PEAK, **ADAMW)
        losses, norms, rates = [], [], []
        for step in range(STEPS):
            first = (step % per_epoch) * CHUNKS_PER_STEP
            for group in optimizer.param_groups:
                group["lr"] = rate(step)
            optimizer.zero_grad()
            loss = step_loss(model, chunks[first : first + CHUNKS_PER_STEP])
            loss.backward()
            norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0).item())
            optimizer.step()
            losses.append(loss.item())
            rates.append(rate(step))
        offsets = [0]
        for chunk in chunks:
            offsets.append(offsets[-1] + len(chunk))
        save_file(
            {
                "chunks": torch.cat(chunks).to(torch.int32),
                "chunk_offsets": torch.tensor(offsets, dtype=torch.int32),
                "losses": torch.tensor(losses, dtype=torch.float64),
                "gradient_norms": torch.tensor(norms, dtype=torch.float64),
                "rates": torch.tensor(rates, dtype=torch.float64),
            },
            f"{folder}/{name}/expected.safetensors")
        print(name, [round(x, 4) for x in losses], [round(x, 3) for x in norms])


if __name__ == "__main__":
    target = sys.argv[1] if len(sys.argv) > 1 else os.path.join(
        os.path.dirname(__file__), "..", "Tests", "TrainingTests", "Fixtures")
    os.makedirs(target, exist_ok=True)
    main(target)
