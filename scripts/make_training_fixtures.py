#!/usr/bin/env python3
"""Writes the parity fixtures of Tests/TrainingTests from transformers and torch.

    python3 scripts/make_training_fixtures.py [Tests/TrainingTests/Fixtures]

Each fixture is a tiny model folder as transformers saves it, with its initial weights, and an
expected.safetensors beside it:
    chunks, chunk_offsets          int32  the corpus, chunks end to end; offsets has one more entry
    losses, gradient_norms, rates  f64    of each of 50 steps of a run as MiniPLM trains
    settings                       f64    peak, minimum, warm-up, beta1, beta2, epsilon, weight decay,
                                          clip: those published for the family but for rates and
                                          warm-up, which a run of 50 steps needs otherwise
    weight.NAME                    f32    every parameter after the last step
The run reads the chunks in order, eight a step, round and round without the remainder; a chunk is cut
to 25 tokens and padded on the right with the end-of-text token; a position counts unless its input
is that token; the loss is the mean over chunks of each chunk's mean; the gradient is clipped to its
global norm; AdamW decays every parameter; the rate follows warm-up and cosine from t = 0. The rules
are those of thu-coai/MiniPLM: lm_datasets.py (collate), base_trainer.py (compute_lm_loss, optimizer)
and schedulers.py.
"""
import math
import os
import sys

import torch
from safetensors.torch import save_file
from transformers import (
    LlamaConfig, LlamaForCausalLM, MambaConfig, MambaForCausalLM, Qwen2Config, Qwen2ForCausalLM,
    Qwen3Config, Qwen3ForCausalLM)

END_OF_TEXT, CHUNK_TOKENS, CHUNKS_PER_STEP, STEPS, VOCABULARY = 2, 25, 8, 50, 53
TRANSFORMER = dict(
    peak=1e-2, minimum=1e-3, warmup=5, beta1=0.9, beta2=0.98, epsilon=1e-6, decay=0.01, clip=1.0)
MAMBA = dict(TRANSFORMER, minimum=5e-5, warmup=10, beta2=0.95, decay=0.1)


def models():
    shared = dict(
        vocab_size=VOCABULARY, bos_token_id=END_OF_TEXT, eos_token_id=END_OF_TEXT,
        pad_token_id=END_OF_TEXT, initializer_range=0.2)
    attention = dict(
        hidden_size=20, intermediate_size=28, num_hidden_layers=2, num_attention_heads=2,
        max_position_embeddings=64, **shared)
    yield "qwen2", Qwen2ForCausalLM, TRANSFORMER, Qwen2Config(
        num_key_value_heads=1, tie_word_embeddings=True, **attention)
    yield "qwen3", Qwen3ForCausalLM, TRANSFORMER, Qwen3Config(
        num_key_value_heads=1, head_dim=12, tie_word_embeddings=True, **attention)
    yield "llama", LlamaForCausalLM, TRANSFORMER, LlamaConfig(
        num_key_value_heads=2, tie_word_embeddings=False, **attention)
    yield "mamba", MambaForCausalLM, MAMBA, MambaConfig(
        hidden_size=20, num_hidden_layers=2, state_size=6, tie_word_embeddings=True, **shared)


def rate(t, settings):
    peak, minimum, warmup = settings["peak"], settings["minimum"], settings["warmup"]
    if t < warmup:
        return peak * t / warmup
    progress = (t - warmup) / (STEPS - warmup)
    return minimum + 0.5 * (peak - minimum) * (1 + math.cos(math.pi * progress))


def corpus():
    generator = torch.Generator().manual_seed(17)
    lengths = torch.randint(3, 34, (60,), generator=generator).tolist()
    chunks = [torch.randint(0, VOCABULARY, (n,), generator=generator) for n in lengths]
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
    for name, kind, settings, configuration in models():
        torch.manual_seed(5)
        model = kind(configuration).eval()
        model.save_pretrained(f"{folder}/{name}")
        optimizer = torch.optim.AdamW(
            model.parameters(), lr=settings["peak"],
            betas=(settings["beta1"], settings["beta2"]), eps=settings["epsilon"],
            weight_decay=settings["decay"])
        losses, norms, rates = [], [], []
        for step in range(STEPS):
            first = (step % per_epoch) * CHUNKS_PER_STEP
            rates.append(rate(step, settings))
            for group in optimizer.param_groups:
                group["lr"] = rates[-1]
            optimizer.zero_grad()
            loss = step_loss(model, chunks[first : first + CHUNKS_PER_STEP])
            loss.backward()
            norms.append(
                torch.nn.utils.clip_grad_norm_(model.parameters(), settings["clip"]).item())
            optimizer.step()
            losses.append(loss.item())
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
                "settings": torch.tensor(list(settings.values()), dtype=torch.float64),
                **{
                    f"weight.{key}": value.detach().clone()
                    for key, value in model.named_parameters()
                },
            },
            f"{folder}/{name}/expected.safetensors")
        clipped = sum(norm > settings["clip"] for norm in norms)
        print(name, f"{losses[0]:.4f} -> {losses[-1]:.4f}, {clipped} of {STEPS} clipped")


if __name__ == "__main__":
    target = sys.argv[1] if len(sys.argv) > 1 else os.path.join(
        os.path.dirname(__file__), "..", "Tests", "TrainingTests", "Fixtures")
    os.makedirs(target, exist_ok=True)
    main(target)
