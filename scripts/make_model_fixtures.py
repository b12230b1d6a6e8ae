#!/usr/bin/env python3
"""Writes the parity fixtures of Tests/LanguageModelsTests from transformers and torch.

    python3 scripts/make_model_fixtures.py [Tests/LanguageModelsTests/Fixtures [NAME ...]]

Each fixture is a model folder as transformers saves it, and an expected.safetensors beside it:
    chunks, chunk_offsets   int32  the packed chunks; inputs are chunk[:-1], targets chunk[1:]
    logits                  [inputs of all chunks, V]; each chunk was run alone
    loss_chunk_mean         mean over chunks of the mean NLL of the counted targets
    loss_token_mean         mean NLL over all counted targets
    grad.<name>             gradients of loss_chunk_mean
    losses                  loss_chunk_mean before each of ten AdamW steps
A target is counted unless its input is the end-of-text token. Weights are stored in three types
(F32, F16, BF16) and one model is sharded; expected values are computed in f32 from the stored ones.
The models own-head-* are tied by their config.json, yet store a head that differs: transformers takes
the stored one. Rotations that change with the length do so behind 32 positions; windows are smaller
than the first chunk.
"""
import math
import os
import shutil
import sys

import torch
from safetensors.torch import load_file, save_file
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    MambaConfig,
    MambaForCausalLM,
    MistralConfig,
    MistralForCausalLM,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
)

END_OF_TEXT = 3
# The first is longer than a scan chunk and an attention block (64), the second has one target.
LENGTHS = [71, 2, 18]
ADAMW = dict(lr=5e-3, betas=(0.9, 0.98), eps=1e-6, weight_decay=0.01)
MINIMUM_LR, WARMUP, STEPS = 5e-4, 3, 10


def models():
    shared = dict(initializer_range=0.15, bos_token_id=END_OF_TEXT, eos_token_id=END_OF_TEXT)
    yield "qwen2-gqa-tied", torch.float32, Qwen2ForCausalLM, Qwen2Config(
        vocab_size=99, hidden_size=32, intermediate_size=56, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=128,
        tie_word_embeddings=True, rope_parameters={"rope_type": "default", "rope_theta": 1e6},
        **shared)
    yield "qwen2-mha-untied", torch.float16, Qwen2ForCausalLM, Qwen2Config(
        vocab_size=83, hidden_size=30, intermediate_size=37, num_hidden_layers=2,
        num_attention_heads=3, num_key_value_heads=3, max_position_embeddings=128,
        tie_word_embeddings=False, rope_parameters={"rope_type": "default", "rope_theta": 1e4},
        **shared)
    yield "llama3-untied", torch.bfloat16, LlamaForCausalLM, LlamaConfig(
        vocab_size=101, hidden_size=32, intermediate_size=48, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=1, head_dim=12, max_position_embeddings=256,
        rms_norm_eps=1e-5, tie_word_embeddings=False,
        rope_parameters={
            "rope_type": "llama3", "rope_theta": 1e4, "factor": 8.0, "low_freq_factor": 1.0,
            "high_freq_factor": 4.0, "original_max_position_embeddings": 32},
        **shared)
    yield "mamba-tied", torch.float32, MambaForCausalLM, MambaConfig(
        vocab_size=99, hidden_size=32, num_hidden_layers=2, state_size=16, conv_kernel=4,
        expand=2, tie_word_embeddings=True, **shared)
    yield "mamba-biased", torch.float32, MambaForCausalLM, MambaConfig(
        vocab_size=71, hidden_size=20, num_hidden_layers=2, state_size=8, conv_kernel=3, expand=3,
        time_step_rank=5, use_bias=True, use_conv_bias=False, tie_word_embeddings=False, **shared)
    yield "qwen3-gqa-tied", torch.float32, Qwen3ForCausalLM, Qwen3Config(
        vocab_size=97, hidden_size=32, intermediate_size=56, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, head_dim=12, max_position_embeddings=128,
        tie_word_embeddings=True, rope_parameters={"rope_type": "default", "rope_theta": 1e6},
        **shared)
    yield "qwen3-biased-untied", torch.bfloat16, Qwen3ForCausalLM, Qwen3Config(
        vocab_size=89, hidden_size=30, intermediate_size=37, num_hidden_layers=2,
        num_attention_heads=3, num_key_value_heads=1, head_dim=16, max_position_embeddings=128,
        rms_norm_eps=1e-5, attention_bias=True, tie_word_embeddings=False,
        rope_parameters={"rope_type": "default", "rope_theta": 1e4}, **shared)
    tiny = dict(vocab_size=41, hidden_size=16, num_hidden_layers=1, tie_word_embeddings=True, **shared)
    heads = dict(
        intermediate_size=24, num_attention_heads=2, num_key_value_heads=1,
        max_position_embeddings=128, rope_parameters={"rope_type": "default", "rope_theta": 1e4})
    yield "own-head-qwen2", torch.float32, Qwen2ForCausalLM, Qwen2Config(**tiny, **heads)
    yield "own-head-qwen3", torch.float16, Qwen3ForCausalLM, Qwen3Config(
        head_dim=8, **tiny, **heads)
    yield "own-head-llama", torch.bfloat16, LlamaForCausalLM, LlamaConfig(**tiny, **heads)
    yield "own-head-mamba", torch.float32, MambaForCausalLM, MambaConfig(
        state_size=8, conv_kernel=4, expand=2, **tiny)
    scaled = dict(
        hidden_size=32, intermediate_size=40, num_attention_heads=4, num_key_value_heads=2,
        num_hidden_layers=2, **shared)
    yield "qwen2-yarn", torch.float32, Qwen2ForCausalLM, Qwen2Config(
        vocab_size=53, max_position_embeddings=128, rope_parameters={
            "rope_type": "yarn", "rope_theta": 1e4, "factor": 4.0, "beta_fast": 4.0,
            "original_max_position_embeddings": 32}, **scaled)
    yield "llama-dynamic", torch.float32, LlamaForCausalLM, LlamaConfig(
        vocab_size=53, max_position_embeddings=32, rope_parameters={
            "rope_type": "dynamic", "rope_theta": 1e3, "factor": 4.0}, **scaled)
    yield "llama-longrope", torch.float32, LlamaForCausalLM, LlamaConfig(
        vocab_size=53, max_position_embeddings=128, rope_parameters={
            "rope_type": "longrope", "rope_theta": 1e3, "short_factor": [1.0, 1.1, 1.4, 2.0],
            "long_factor": [1.5, 3.0, 6.0, 9.0], "original_max_position_embeddings": 32}, **scaled)
    plain = dict(
        vocab_size=53, max_position_embeddings=128,
        rope_parameters={"rope_type": "default", "rope_theta": 1e4}, **scaled)
    yield "qwen2-window", torch.float32, Qwen2ForCausalLM, Qwen2Config(
        use_sliding_window=True, sliding_window=9, max_window_layers=1, **plain)
    yield "qwen3-window", torch.float32, Qwen3ForCausalLM, Qwen3Config(
        head_dim=10, use_sliding_window=True, sliding_window=33,
        layer_types=["sliding_attention", "full_attention"], tie_word_embeddings=True, **plain)
    yield "mistral-window", torch.bfloat16, MistralForCausalLM, MistralConfig(
        sliding_window=20, rms_norm_eps=1e-5, **plain)
    yield "mistral-whole", torch.float32, MistralForCausalLM, MistralConfig(
        sliding_window=None, head_dim=12, **plain)


def add_head(folder):
    """Stores a head beside the embedding that it is tied to."""
    path = os.path.join(folder, "model.safetensors")
    tensors = load_file(path)
    embedding = next(value for name, value in tensors.items() if "embed" in name)
    tensors["lm_head.weight"] = (0.15 * torch.randn(embedding.shape)).to(embedding.dtype)
    save_file(tensors, path, {"format": "pt"})


def scatter(model):
    """Moves every vector away from its constant initial value, so that it matters."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.dim() == 1 or name.endswith("A_log"):
                parameter.add_(0.2 * torch.randn_like(parameter))


def negative_log_likelihoods(model, chunk):
    logits = model(chunk[None, :-1]).logits[0].float()
    losses = torch.nn.functional.cross_entropy(logits, chunk[1:], reduction="none")
    return logits, losses, (chunk[:-1] != END_OF_TEXT).float()


def chunk_mean_loss(model, chunks):
    total = 0
    for chunk in chunks:
        _, losses, counted = negative_log_likelihoods(model, chunk)
        total = total + (losses * counted).sum() / counted.sum()
    return total / len(chunks)


def learning_rate(step):
    if step < WARMUP:
        return ADAMW["lr"] * step / WARMUP
    progress = (step - WARMUP) / (STEPS - WARMUP)
    return MINIMUM_LR + 0.5 * (ADAMW["lr"] - MINIMUM_LR) * (1 + math.cos(math.pi * progress))


def ten_steps(model, chunks):
    optimizer = torch.optim.AdamW(model.parameters(), **ADAMW)
    losses = []
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step)
        optimizer.zero_grad()
        loss = chunk_mean_loss(model, chunks)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    return torch.tensor(losses)


def main(root, names):
    for index, (name, dtype, family, configuration) in enumerate(models()):
        if names and name not in names:
            continue
        torch.manual_seed(index)
        configuration._attn_implementation = "eager"
        model = family(configuration)
        scatter(model)
        folder = os.path.join(root, name)
        shutil.rmtree(folder, ignore_errors=True)
        shard = "40KB" if name == "qwen2-gqa-tied" else "1GB"
        model.to(dtype).save_pretrained(folder, max_shard_size=shard)
        if name.startswith("own-head"):
            add_head(folder)
        # From the file, not by .float(): casting would leave the rotary frequencies rounded.
        model = family.from_pretrained(
            folder, dtype=torch.float32, attn_implementation="eager").train()

        chunks = []
        for length in LENGTHS:
            chunk = torch.randint(4, configuration.vocab_size, (length,))
            if length > 10:
                chunk[7::9] = END_OF_TEXT
            chunks.append(chunk)
        offsets = [0]
        for chunk in chunks:
            offsets.append(offsets[-1] + len(chunk))

        parts = [negative_log_likelihoods(model, chunk) for chunk in chunks]
        counted = torch.cat([part[2] for part in parts])
        expected = {
            "chunks": torch.cat(chunks).int(),
            "chunk_offsets": torch.tensor(offsets).int(),
            "logits": torch.cat([part[0] for part in parts]).detach(),
            "loss_token_mean":
                (torch.cat([part[1] for part in parts]) * counted).sum().detach()[None]
                / counted.sum(),
        }
        loss = chunk_mean_loss(model, chunks)
        loss.backward()
        expected["loss_chunk_mean"] = loss.detach()[None]
        for parameter_name, parameter in model.named_parameters():
            expected["grad." + parameter_name] = parameter.grad.clone()
        expected["losses"] = ten_steps(model, chunks)
        save_file(expected, os.path.join(folder, "expected.safetensors"))
        print(name, [round(x, 4) for x in expected["losses"].tolist()])


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "Tests/LanguageModelsTests/Fixtures", sys.argv[2:])
