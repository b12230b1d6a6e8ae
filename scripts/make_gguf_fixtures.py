#!/usr/bin/env python3
"""Writes the GGUF fixtures of Tests/LanguageModelsTests with gguf-py, transformers and torch.

    python3 scripts/make_gguf_fixtures.py [Tests/LanguageModelsTests/Fixtures]

gguf/blocks.safetensors
    TYPE.blocks, TYPE.values    blocks of every type that is read, and what gguf-py makes of them
gguf/NAME.gguf
    the model folder NAME beside it, as llama.cpp's converter writes it: other names, the rows of q
    and k of a Llama reordered, Llama 3's rotation as divisors, -exp(A_log), vectors in F32
gguf/parts-00001-of-00003.gguf
    own-head-qwen2 in three files
gguf/mixed.gguf, gguf/mixed.safetensors
    a Llama whose matrices are random blocks of many types; chunks and logits as in the other
    fixtures, computed by transformers from what gguf-py makes of the blocks, and the SHA-256 of every
    tensor's f32 values in the metadata
gguf/exported.json
    SHA-256 of the bytes that gguf-py makes of every tensor of mixed.gguf in the types that are written
"""
import hashlib
import json
import math
import os
import sys

import numpy as np
import torch
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType as Type, GGUFReader, GGUFWriter
from gguf.quants import dequantize, quantize
from safetensors import safe_open
from safetensors.numpy import save_file
from transformers import LlamaConfig, LlamaForCausalLM

BLOCKS = "Q4_0 Q4_1 Q5_0 Q5_1 Q8_0 IQ4_NL Q2_K Q3_K Q4_K Q5_K Q6_K IQ4_XS".split()
# Where the f16 scales of a block lie.
SCALES = {"Q4_1": [0, 2], "Q5_1": [0, 2], "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2],
          "Q5_K": [0, 2], "Q6_K": [208]}
FOLDERS = ["qwen2-mha-untied", "llama3-untied", "qwen3-biased-untied", "mamba-tied", "mamba-biased",
           "own-head-qwen2", "own-head-llama"]
TRANSFORMER = {
    "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm",
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output", "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down"}
MAMBA = {
    "norm": "attn_norm", "mixer.in_proj": "ssm_in", "mixer.conv1d": "ssm_conv1d",
    "mixer.x_proj": "ssm_x", "mixer.dt_proj": "ssm_dt", "mixer.A_log": "ssm_a",
    "mixer.D": "ssm_d", "mixer.out_proj": "ssm_out"}


def converted_name(name):
    """As the converter calls a tensor."""
    whole = {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight",
             "lm_head.weight": "output.weight", "backbone.embeddings.weight": "token_embd.weight",
             "backbone.norm_f.weight": "output_norm.weight"}
    if name in whole:
        return whole[name]
    _, _, layer, rest = name.split(".", 3)
    names = MAMBA if name.startswith("backbone.") else TRANSFORMER
    stem, suffix = (rest, "") if rest in names else rest.rsplit(".", 1)
    return f"blk.{layer}.{names[stem]}" + (f".{suffix}" if suffix else "")


def permuted(values, heads):
    """Rows of both halves of a head, in turn."""
    return (values.reshape(heads, 2, values.shape[0] // heads // 2, *values.shape[1:])
            .swapaxes(1, 2).reshape(values.shape))


def divisors(config, head_size):
    """Llama 3's scaling of the frequencies, as the converter computes it."""
    rope = config["rope_parameters"]
    frequencies = 1.0 / (rope["rope_theta"] ** (
        torch.arange(0, head_size, 2, dtype=torch.float32) / head_size))
    low, high = rope["low_freq_factor"], rope["high_freq_factor"]
    length, factor = rope["original_max_position_embeddings"], rope["factor"]
    result = []
    for frequency in frequencies:
        wavelength = 2 * math.pi / frequency
        if wavelength < length / high:
            result.append(1)
        elif wavelength > length / low:
            result.append(factor)
        else:
            smooth = (length / wavelength - low) / (high - low)
            result.append(1 / ((1 - smooth) / factor + smooth))
    return np.array(result, dtype=np.float32)


def write_settings(writer, config):
    writer.add_type("model")
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_embedding_length(config["hidden_size"])
    if config["model_type"] == "mamba":
        writer.add_context_length(2**20)
        writer.add_feed_forward_length(0)
        writer.add_head_count(0)
        writer.add_ssm_conv_kernel(config["conv_kernel"])
        writer.add_ssm_inner_size(config["intermediate_size"])
        writer.add_ssm_state_size(config["state_size"])
        writer.add_ssm_time_step_rank(config["time_step_rank"])
        writer.add_layer_norm_rms_eps(config["layer_norm_epsilon"])
        writer.add_ssm_dt_b_c_rms(False)
    else:
        head_size = config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"]
        writer.add_context_length(config["max_position_embeddings"])
        writer.add_feed_forward_length(config["intermediate_size"])
        writer.add_head_count(config["num_attention_heads"])
        writer.add_head_count_kv(config["num_key_value_heads"])
        writer.add_rope_freq_base(config["rope_parameters"]["rope_theta"])
        writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
        if config.get("head_dim"):
            writer.add_key_length(head_size)
            writer.add_value_length(head_size)
        if config["model_type"] == "llama":
            writer.add_vocab_size(config["vocab_size"])
            writer.add_rope_dimension_count(head_size)
    writer.add_bos_token_id(config["bos_token_id"])
    writer.add_eos_token_id(config["eos_token_id"])


def add(writer, name, values, dtype):
    """Matrices keep their type, vectors are F32."""
    values = np.ascontiguousarray(values, dtype=np.float32)
    if values.ndim == 1 or dtype == "F32":
        writer.add_tensor(name, values)
    elif dtype == "F16":
        writer.add_tensor(name, values.astype(np.float16))
    else:
        writer.add_tensor(name, quantize(values, Type.BF16), raw_dtype=Type.BF16)


def finish(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def convert(folder, writer):
    config = json.load(open(f"{folder}/config.json"))
    write_settings(writer, config)
    family = config["model_type"]
    if family == "llama" and config["rope_parameters"]["rope_type"] == "llama3":
        head_size = config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"]
        writer.add_tensor("rope_freqs.weight", divisors(config, head_size))
    for file in sorted(os.listdir(folder)):
        if not file.startswith("model") or not file.endswith(".safetensors"):
            continue
        with safe_open(f"{folder}/{file}", "pt") as tensors:
            for name in sorted(tensors.keys()):
                dtype = tensors.get_slice(name).get_dtype()
                values = tensors.get_tensor(name).float()
                new = converted_name(name)
                if family == "llama" and ".attn_q." in new:
                    values = permuted(values, config["num_attention_heads"])
                if family == "llama" and ".attn_k." in new:
                    values = permuted(values, config["num_key_value_heads"])
                if new.endswith(".ssm_a"):
                    values, dtype = -torch.exp(values), "F32"
                if new.endswith(".ssm_conv1d.weight"):
                    values, dtype = values.squeeze(1), "F32"
                if new.endswith(".ssm_dt.weight"):
                    dtype = "F32"
                add(writer, new, values.numpy(), dtype)
    finish(writer)


def random_blocks(random, kind, count, scale=None):
    """Blocks of random bits; with `scale`, values of about that size."""
    values, size = GGML_QUANT_SIZES[Type[kind]]
    blocks = random.integers(0, 256, (count, size), dtype=np.uint8)
    for place in SCALES.get(kind, [0]):
        if scale is None:
            # Zeros of both signs, the smallest, subnormal, largest and infinite ones.
            edges = [0, 0x8000, 1, 0x8001, 0x3FF, 0x400, 0x7BFF, 0xFBFF, 0x7C00, 0xFC00]
            for row, edge in enumerate(edges):
                blocks[row, place:place + 2] = np.array([edge], np.uint16).view(np.uint8)
        else:
            sizes = scale * random.uniform(0.5, 1.5, count) * random.choice([-1, 1], count)
            blocks[:, place:place + 2] = sizes.astype(np.float16).view(np.uint8).reshape(-1, 2)
    return blocks


def write_blocks(path):
    random = np.random.default_rng(12)
    tensors = {}
    for kind in BLOCKS:
        blocks = random_blocks(random, kind, 24)
        with np.errstate(all="ignore"):
            values = dequantize(blocks, Type[kind])
        tensors[f"{kind}.blocks"] = blocks
        tensors[f"{kind}.values"] = np.ascontiguousarray(values, dtype=np.float32)
    save_file(tensors, path)


# The f16 scale at which random blocks of a type have values of about 0.1.
SIZES = {"Q4_0": 0.02, "Q4_1": 0.01, "Q5_0": 0.01, "Q5_1": 0.005, "Q8_0": 0.0015, "IQ4_NL": 0.0015,
         "Q2_K": 0.006, "Q3_K": 0.003, "Q4_K": 0.0003, "Q5_K": 0.0002, "Q6_K": 0.00008,
         "IQ4_XS": 0.00007}


def write_mixed(folder):
    random = np.random.default_rng(7)
    config = LlamaConfig(
        vocab_size=61, hidden_size=256, intermediate_size=256, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, head_dim=32, max_position_embeddings=128,
        rms_norm_eps=1e-5, tie_word_embeddings=False, bos_token_id=3, eos_token_id=3,
        rope_parameters={"rope_type": "default", "rope_theta": 1e4})
    config._attn_implementation = "eager"
    model = LlamaForCausalLM(config)
    writer = GGUFWriter(f"{folder}/mixed.gguf", "llama")
    write_settings(writer, config.to_dict())
    kinds = iter("Q6_K Q4_K Q5_K Q3_K IQ4_NL Q2_K IQ4_XS Q4_0 Q4_1 Q5_0 Q5_1 Q8_0 Q6_K Q4_K Q3_K "
                 "Q6_K".split())
    state, digests = {}, {}
    for name, parameter in model.state_dict().items():
        rows = parameter.shape[0]
        if parameter.dim() == 1:
            values = (1 + 0.2 * random.standard_normal(rows)).astype(np.float32)
            writer.add_tensor(converted_name(name), values)
        else:
            kind = next(kinds)
            size, width = GGML_QUANT_SIZES[Type[kind]]
            blocks = random_blocks(random, kind, parameter.numel() // size, SIZES[kind])
            blocks = blocks.reshape(rows, -1)
            writer.add_tensor(converted_name(name), blocks, raw_dtype=Type[kind])
            values = dequantize(blocks, Type[kind])
            for part, heads in (("q_proj", 4), ("k_proj", 2)):
                if part in name:
                    values = (values.reshape(heads, 16, 2, -1).swapaxes(1, 2).reshape(rows, -1))
        values = np.ascontiguousarray(values, dtype=np.float32)
        state[name] = torch.from_numpy(values)
        digests["sha256." + name] = hashlib.sha256(values.tobytes()).hexdigest()
    finish(writer)
    model.load_state_dict(state)
    model.eval()
    torch.manual_seed(1)
    chunks = [torch.randint(4, config.vocab_size, (length,)) for length in (71, 2, 18)]
    with torch.no_grad():
        logits = [model(chunk[None, :-1]).logits[0] for chunk in chunks]
    save_file(
        {"chunks": torch.cat(chunks).int().numpy(),
         "chunk_offsets": np.array([0, 71, 73, 91], np.int32),
         "logits": torch.cat(logits).numpy()},
        f"{folder}/mixed.safetensors", digests)


def write_exported(folder):
    digests = {}
    for name in ("f32", "f16", "bf16", "q8_0"):
        digests[name] = {}
        for tensor in GGUFReader(f"{folder}/mixed.gguf").tensors:
            values = dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
            kind = Type[name.upper()] if values.ndim > 1 else Type.F32
            data = values if kind == Type.F32 else quantize(values, kind)
            digests[name][tensor.name] = hashlib.sha256(
                np.ascontiguousarray(data).tobytes()).hexdigest()
    with open(f"{folder}/exported.json", "w") as file:
        json.dump(digests, file, indent=1)


def main(root):
    folder = f"{root}/gguf"
    os.makedirs(folder, exist_ok=True)
    write_blocks(f"{folder}/blocks.safetensors")
    for name in FOLDERS:
        family = json.load(open(f"{root}/{name}/config.json"))["model_type"]
        convert(f"{root}/{name}", GGUFWriter(f"{folder}/{name}.gguf", family))
    convert(f"{root}/own-head-qwen2",
            GGUFWriter(f"{folder}/parts.gguf", "qwen2", split_max_tensors=7))
    write_mixed(folder)
    write_exported(folder)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "Tests/LanguageModelsTests/Fixtures")
