#!/usr/bin/env python3
"""Writes a GGUF file of random weights for llama.cpp, with no tokenizer: the shape of a config.json.

Which tensors stay f32 is as in llama.cpp's own converter: vectors, norms, the convolution, A and D."""

import argparse
import json

import gguf
import numpy

TYPES = {
    "f32": (gguf.GGMLQuantizationType.F32, gguf.LlamaFileType.ALL_F32),
    "bf16": (gguf.GGMLQuantizationType.BF16, gguf.LlamaFileType.MOSTLY_BF16),
    "q8_0": (gguf.GGMLQuantizationType.Q8_0, gguf.LlamaFileType.MOSTLY_Q8_0),
}


def decoder(writer, values):
    """Keys of qwen2 or llama; yields (name, rows, columns), columns None for a vector."""
    hidden, inner = values["hidden_size"], values["intermediate_size"]
    heads, shared = values["num_attention_heads"], values["num_key_value_heads"]
    size = values.get("head_dim") or hidden // heads
    writer.add_context_length(values["max_position_embeddings"])
    writer.add_feed_forward_length(inner)
    writer.add_head_count(heads)
    writer.add_head_count_kv(shared)
    writer.add_rope_freq_base(
        values.get("rope_theta") or values["rope_parameters"]["rope_theta"])
    writer.add_layer_norm_rms_eps(values["rms_norm_eps"])
    if values["model_type"] == "llama":
        writer.add_rope_dimension_count(size)
    for layer in range(values["num_hidden_layers"]):
        block = f"blk.{layer}."
        yield block + "attn_norm.weight", hidden, None
        for name, rows in ("q", heads * size), ("k", shared * size), ("v", shared * size):
            yield f"{block}attn_{name}.weight", rows, hidden
            if values["model_type"] == "qwen2":
                yield f"{block}attn_{name}.bias", rows, None
        yield block + "attn_output.weight", hidden, heads * size
        yield block + "ffn_norm.weight", hidden, None
        yield block + "ffn_gate.weight", inner, hidden
        yield block + "ffn_up.weight", inner, hidden
        yield block + "ffn_down.weight", hidden, inner


def mamba(writer, values):
    hidden, states, taps = values["hidden_size"], values["state_size"], values["conv_kernel"]
    inner, rank = values["expand"] * hidden, values["time_step_rank"]
    writer.add_context_length(1 << 20)
    writer.add_feed_forward_length(0)
    writer.add_head_count(0)
    writer.add_ssm_conv_kernel(taps)
    writer.add_ssm_inner_size(inner)
    writer.add_ssm_state_size(states)
    writer.add_ssm_time_step_rank(rank)
    writer.add_ssm_dt_b_c_rms(False)
    writer.add_layer_norm_rms_eps(values["layer_norm_epsilon"])
    for layer in range(values["num_hidden_layers"]):
        block = f"blk.{layer}."
        yield block + "attn_norm.weight", hidden, None
        yield block + "ssm_in.weight", 2 * inner, hidden
        yield block + "ssm_conv1d.weight", inner, taps
        yield block + "ssm_conv1d.bias", inner, None
        yield block + "ssm_x.weight", rank + 2 * states, inner
        yield block + "ssm_dt.weight", inner, rank
        yield block + "ssm_dt.bias", inner, None
        yield block + "ssm_a", inner, states
        yield block + "ssm_d", inner, None
        yield block + "ssm_out.weight", hidden, inner


def vector(name, size):
    if name.endswith("ssm_dt.bias"):
        # softplus of it is a time step of 0.01.
        return numpy.full(size, numpy.log(numpy.expm1(0.01)), numpy.float32)
    value = 0 if name.endswith(".bias") else 1
    return numpy.full(size, value, numpy.float32)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", help="config.json")
    parser.add_argument("output")
    parser.add_argument("--type", choices=TYPES, default="f32")
    options = parser.parse_args()
    with open(options.config) as file:
        values = json.load(file)
    kind, file_type = TYPES[options.type]
    writer = gguf.GGUFWriter(options.output, values["model_type"])
    writer.add_name("random")
    writer.add_embedding_length(values["hidden_size"])
    writer.add_block_count(values["num_hidden_layers"])
    writer.add_vocab_size(values["vocab_size"])
    writer.add_tokenizer_model("no_vocab")
    writer.add_file_type(file_type)

    random = numpy.random.default_rng(7)
    block = random.normal(0, 0.02, 1 << 20).astype(numpy.float32)

    def add(name, rows, columns):
        if columns is None:
            return writer.add_tensor(name, vector(name, rows))
        if name.endswith("ssm_a"):
            steps = numpy.arange(1, columns + 1, dtype=numpy.float32)
            return writer.add_tensor(name, numpy.tile(-steps, (rows, 1)))
        # Copies of one block: speed does not depend on the values.
        data = numpy.resize(block, rows * columns).reshape(rows, columns)
        own = gguf.GGMLQuantizationType.F32 if "conv1d" in name else kind
        if own == gguf.GGMLQuantizationType.Q8_0 and columns % 32:
            own = gguf.GGMLQuantizationType.F16
        writer.add_tensor(name, gguf.quants.quantize(data, own), raw_dtype=own)

    add("token_embd.weight", values["vocab_size"], values["hidden_size"])
    layers = mamba if values["model_type"] == "mamba" else decoder
    for name, rows, columns in layers(writer, values):
        add(name, rows, columns)
    add("output_norm.weight", values["hidden_size"], None)
    if not values.get("tie_word_embeddings", values["model_type"] == "mamba"):
        add("output.weight", values["vocab_size"], values["hidden_size"])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main()
