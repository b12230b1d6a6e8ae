#!/usr/bin/env python3
"""Writes what transformers makes of keys of config.json that are there twice, at another level, null
or of another type.

    python3 scripts/make_configuration_fixtures.py [Tests/LanguageModelsTests/Fixtures]

Each case is a fixture of make_model_fixtures.py whose config.json is changed by "set" and "remove".
configurations.json holds for every case one of
    "loss"        transformers' mean over the fixture's chunks of the mean NLL of the counted targets
    "incomplete"  transformers loads it, but with random numbers for some tensors
    "refused"     transformers raises this error
"""
import json
import logging
import math
import os
import shutil
import sys
import tempfile

import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

END_OF_TEXT = 3
LLAMA3 = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0}
THETA = {"rope_theta": 1e4}


def shared_cases():
    """Of every transformer: set, removed keys."""
    rope = ["rope_parameters"]
    linear, default = {"rope_type": "linear", "factor": 4.0}, {"rope_type": "default"}
    # The base of the rotation.
    yield {"rope_theta": 500.0}, rope
    yield {"rope_theta": 500}, rope
    yield {"rope_theta": 500.0}, []
    yield {"rope_theta": None}, rope
    yield {}, rope
    yield {"rope_theta": "500"}, rope
    yield {"rope_theta": True}, rope
    yield {"rope_theta": 0}, rope
    yield {"rope_theta": -2.0}, rope
    yield {"rope_theta": 500.0, "rope_parameters": None}, []
    yield {"rope_theta": 500.0, "rope_parameters": {}}, []
    yield {"rope_theta": 500.0, "rope_parameters": default}, []
    yield {"rope_theta": 500.0, "rope_parameters": {"rope_theta": 70.0}}, []
    yield {"rope_theta": 500.0, "rope_parameters": {"rope_theta": None}}, []
    yield {"rope_parameters": {"rope_theta": None}}, []
    yield {"rope_parameters": {**default, "rope_theta": 70.0, "factor": 4.0}}, []
    yield {"rope_parameters": []}, []
    yield {"rope_parameters": "default"}, []
    yield {"rotary_emb_base": 500.0, "rope_theta": 1e4}, rope
    # Scaling, older and newer place.
    yield {"rope_theta": 500.0, "rope_scaling": None}, rope
    yield {"rope_theta": 500.0, "rope_scaling": {}}, rope
    yield {"rope_theta": 500.0, "rope_scaling": []}, rope
    yield {"rope_theta": 500.0, "rope_scaling": False}, rope
    yield {"rope_theta": 500.0, "rope_scaling": linear}, rope
    yield {"rope_theta": 500.0, "rope_scaling": {"type": "linear", "factor": 4}}, rope
    yield {"rope_theta": 500.0, "rope_scaling": {"type": "linear", "rope_type": "default"}}, rope
    yield {"rope_theta": 500.0, "rope_scaling": {"type": "default", **linear}}, rope
    yield {"rope_theta": 500.0, "rope_scaling": {"type": None, "factor": 4.0}}, rope
    yield {"rope_theta": 500.0, "rope_scaling": {"rope_type": None, "type": "linear", "factor": 4.0}}, rope
    yield {"rope_theta": 500.0, "rope_scaling": {"factor": 4.0}}, rope
    yield {"rope_theta": 500.0, "rope_scaling": {"type": "linear"}}, rope
    yield {"rope_theta": 500.0, "rope_scaling": {**linear, "factor": None}}, rope
    yield {"rope_theta": 500.0, "rope_scaling": {**linear, "factor": "4"}}, rope
    yield {"rope_theta": 500.0, "rope_scaling": {**linear, "factor": 0.5}}, rope
    yield {"rope_theta": 500.0, "rope_scaling": {**linear, "rope_theta": 70.0}}, rope
    yield {"rope_theta": 500.0, "rope_scaling": linear}, []
    yield {"rope_scaling": linear}, []
    yield {"rope_scaling": {**linear, **THETA}}, []
    yield {"rope_scaling": {**linear, "rope_theta": 70.0},
           "rope_parameters": {**default, "rope_theta": 500.0}}, []
    yield {"rope_scaling": default, "rope_parameters": {**linear, "rope_theta": 500.0}}, []
    yield {"rope_scaling": default, "rope_theta": 500.0,
           "rope_parameters": {**linear, "rope_theta": 70.0}}, []
    yield {"rope_scaling": {}, "rope_parameters": {**linear, "rope_theta": 500.0}}, []
    yield {"rope_scaling": None, "rope_parameters": {**linear, "rope_theta": 500.0}}, []
    yield {"rope_scaling": "linear", "rope_theta": 500.0}, rope
    # llama3, and where its original length stands.
    yield {"rope_theta": 500.0, "rope_scaling": {**LLAMA3, "original_max_position_embeddings": 32}}, rope
    yield {"rope_theta": 500.0, "rope_scaling": LLAMA3}, rope
    yield {"rope_theta": 500.0, "rope_scaling": LLAMA3, "original_max_position_embeddings": 32}, rope
    yield {"rope_theta": 500.0, "rope_scaling": {**LLAMA3, "original_max_position_embeddings": 64},
           "original_max_position_embeddings": 16}, rope
    yield {"rope_theta": 500.0, "original_max_position_embeddings": 16}, rope
    yield {"rope_theta": 500.0, "rope_scaling": linear, "original_max_position_embeddings": 16}, rope
    yield {"rope_theta": 500.0, "rope_scaling": LLAMA3, "original_max_position_embeddings": None}, rope
    yield {"rope_theta": 500.0, "rope_scaling": LLAMA3, "original_max_position_embeddings": 32.0}, rope
    yield {"rope_theta": 500.0, "rope_scaling": {**LLAMA3, "original_max_position_embeddings": None}}, rope
    yield {"rope_theta": 500.0, "rope_scaling": {**LLAMA3, "original_max_position_embeddings": 32.5}}, rope
    yield {"rope_theta": 500.0, "rope_scaling": LLAMA3, "max_position_embeddings": 40}, rope
    yield {"rope_theta": 500.0, "rope_scaling": {**LLAMA3, "low_freq_factor": 4.0,
                                                 "high_freq_factor": 1.0}}, rope
    yield {"rope_theta": 500.0, "rope_scaling": {**LLAMA3, "factor": 8}}, rope
    yield {"rope_parameters": {**LLAMA3, "rope_theta": 500.0}, "original_max_position_embeddings": 16}, []
    yield {"rope_parameters": {**LLAMA3, "rope_theta": 500.0, "original_max_position_embeddings": 64},
           "rope_theta": 70.0, "original_max_position_embeddings": 16}, []
    # Other kinds.
    for kind in ["yarn", "dynamic", "longrope", "su", "ntk", "mrope", "proportional"]:
        yield {"rope_theta": 500.0, "rope_scaling": {
            "rope_type": kind, "factor": 4.0, "original_max_position_embeddings": 32}}, rope
    yield {"rope_theta": 500.0, "rope_scaling": {"type": "yarn", "factor": 4.0}}, rope
    yield from rotations(rope)
    yield {"rope_parameters": {"full_attention": {**default, "rope_theta": 70.0}}}, []
    yield {"rope_parameters": {"full_attention": {**linear, "rope_theta": 70.0}},
           "rope_theta": 500.0}, []
    yield {"rope_parameters": {"full_attention": {**linear, "rope_theta": 70.0},
                               "sliding_attention": {**default, "rope_theta": 500.0}}}, []
    yield {"rope_parameters": {"full_attention": {**linear, "rope_theta": 70.0},
                               "rope_theta": 500.0}}, []
    # A part of the head.
    for key in ["partial_rotary_factor", "rotary_pct", "rope_pct"]:
        yield {key: 0.5}, []
        yield {key: 1.0}, []
    yield {"partial_rotary_factor": 0.5, "rope_theta": 500.0, "rope_scaling": linear}, rope
    yield {"partial_rotary_factor": None}, []
    yield {"rope_parameters": {**default, **THETA, "partial_rotary_factor": 0.5}}, []
    yield {"rope_parameters": {**linear, **THETA, "partial_rotary_factor": 0.5}}, []
    yield {"rope_parameters": {**default, **THETA, "attention_factor": 2.0}}, []
    yield {"rope_parameters": {**linear, **THETA, "attention_factor": 2.0}}, []
    yield {"rope_parameters": {**default, **THETA, "mscale": 2.0}}, []
    yield {"attention_factor": 2.0}, []
    yield {"rope_interleaved": True}, []
    # Sizes.
    yield {"head_dim": None}, []
    yield {}, ["head_dim"]
    yield {"head_dim": "8"}, []
    yield {"head_dim": 8.0}, []
    yield {"head_dim": 0}, []
    yield {"head_dim": 6}, []
    yield {"num_key_value_heads": None}, []
    yield {}, ["num_key_value_heads"]
    yield {"num_key_value_heads": 0}, []
    yield {"num_key_value_heads": True}, []
    yield {"num_kv_heads": 4}, []
    yield {"n_layer": 1, "n_embd": 16, "n_head": 2}, []
    yield {"d_model": 16, "n_layers": 1}, []
    yield {"num_hidden_layers": 1}, []
    yield {"num_hidden_layers": 3}, []
    yield {"num_hidden_layers": None}, []
    yield {"num_hidden_layers": 2.0}, []
    yield {"num_hidden_layers": "2"}, []
    yield {}, ["num_hidden_layers"]
    yield {}, ["vocab_size"]
    yield {}, ["hidden_size"]
    yield {}, ["intermediate_size"]
    yield {}, ["num_attention_heads"]
    yield {"vocab_size": None}, []
    yield {"hidden_size": None}, []
    yield {"text_config": {"num_hidden_layers": 1, "tie_word_embeddings": False, "rms_norm_eps": 0.5}}, []
    # Norms and activation.
    yield {"rms_norm_eps": 0.5}, []
    yield {"rms_norm_eps": 1}, []
    yield {"rms_norm_eps": 0}, []
    yield {"rms_norm_eps": None}, []
    yield {"rms_norm_eps": "1e-6"}, []
    yield {"rms_norm_eps": -0.001}, []
    yield {}, ["rms_norm_eps"]
    yield {"layer_norm_eps": 0.5}, []
    yield {"layer_norm_epsilon": 0.5, "norm_eps": 0.5}, []
    for kind in ["silu", "swish", "gelu", "relu", "SiLU", None, 1, "gelu_pytorch_tanh", "linear"]:
        yield {"hidden_act": kind}, []
    yield {}, ["hidden_act"]
    yield {"hidden_activation": "gelu"}, []
    yield {"activation_function": "gelu"}, []
    # Tying.
    yield {"tie_word_embeddings": True}, []
    yield {"tie_word_embeddings": False}, []
    yield {}, ["tie_word_embeddings"]
    yield {"tie_word_embeddings": None}, []
    yield {"tie_word_embeddings": "true"}, []
    yield {"tie_word_embeddings": 1}, []
    yield {"tie_word_embeddings": 0}, []
    yield {"tie_embeddings": False}, []
    # Biases.
    for key in ["attention_bias", "mlp_bias", "qkv_bias", "bias", "use_bias", "attention_out_bias"]:
        yield {key: True}, []
        yield {key: False}, []
    yield {"attention_bias": None}, []
    yield {"attention_bias": 0}, []
    yield {"mlp_bias": None}, []
    yield {}, ["attention_bias", "mlp_bias"]
    # Windows.
    yield {"sliding_window": 8}, []
    yield {"sliding_window": 8, "use_sliding_window": False}, []
    yield {"sliding_window": 8, "use_sliding_window": True, "max_window_layers": 0}, ["layer_types"]
    yield {"sliding_window": 8, "use_sliding_window": True, "max_window_layers": 1}, ["layer_types"]
    yield {"sliding_window": 8, "use_sliding_window": True, "max_window_layers": 2}, ["layer_types"]
    yield {"sliding_window": 8, "use_sliding_window": True, "max_window_layers": 0}, []
    yield {"sliding_window": 8, "use_sliding_window": True}, ["layer_types", "max_window_layers"]
    yield {"use_sliding_window": True, "max_window_layers": 0}, ["layer_types", "sliding_window"]
    yield {"sliding_window": None, "use_sliding_window": True, "max_window_layers": 0}, ["layer_types"]
    yield {"sliding_window": 0, "use_sliding_window": True, "max_window_layers": 0}, ["layer_types"]
    for window in [1, 2, 16, 17, 18, 64, 69, 70, 71, 4096]:
        yield {"sliding_window": window, "use_sliding_window": True, "max_window_layers": 0}, [
            "layer_types"]
    yield {"use_sliding_window": None, "sliding_window": 8}, []
    yield {"max_window_layers": None}, []
    full, sliding = "full_attention", "sliding_attention"
    yield {"layer_types": [full, full]}, []
    yield {"layer_types": [full, sliding], "sliding_window": 8, "use_sliding_window": True}, []
    yield {"layer_types": [full, sliding], "sliding_window": 8, "use_sliding_window": False}, []
    yield {"layer_types": [sliding, sliding], "sliding_window": None}, []
    yield {"layer_types": [full]}, []
    yield {"layer_types": [full, full, sliding]}, []
    yield {"layer_types": []}, []
    yield {"layer_types": None}, []
    yield {"layer_types": full}, []
    yield {"layer_types": [full, "chunked_attention"]}, []
    yield {"layer_types": [full, "linear_attention"]}, []
    yield {"layer_types": [full, "attention"]}, []
    yield {"layer_types": [full, 1]}, []
    # What a forward pass does not read, or a refusal.
    yield {"attention_dropout": 0.5}, []
    yield {"dtype": "float16"}, []
    yield {"torch_dtype": "bfloat16", "dtype": None}, []
    yield {"dtype": "auto"}, []
    yield {"max_position_embeddings": 16}, []
    yield {"max_position_embeddings": None}, []
    yield {"use_cache": False}, []
    yield {"initializer_range": 5.0}, []
    yield {"pretraining_tp": 2}, []
    yield {"logit_scale": 2.0}, []
    yield {"logits_scaling": 2.0, "embedding_multiplier": 2.0}, []
    yield {"final_logit_softcapping": 5.0, "attn_logit_softcapping": 5.0}, []
    yield {"query_pre_attn_scalar": 2.0}, []
    yield {"scale_attn_weights": False}, []
    yield {"residual_multiplier": 2.0, "attention_multiplier": 2.0}, []
    yield {"attn_implementation": "flash_attention_2"}, []
    yield {"num_experts": 4}, []
    yield {"num_local_experts": 4, "num_experts_per_tok": 2}, []
    yield {"pad_token_id": 5}, []
    yield {"pad_token_id": -1}, []
    yield {"pad_token_id": 4096}, []
    yield {"pad_token_id": 5.5}, []
    yield {"bos_token_id": "3"}, []
    yield {"eos_token_id": [3, 4]}, []
    yield {"eos_token_id": -1}, []
    yield {"is_decoder": False}, []
    yield {"is_encoder_decoder": True}, []
    yield {"is_causal": False}, []
    yield {"per_layer_config": {"1": {"rms_norm_eps": 0.5}}}, []
    yield {"output_hidden_states": True}, []
    yield {"architectures": ["GPT2LMHeadModel"]}, []
    yield {"architectures": None}, []
    yield {"auto_map": {"AutoModelForCausalLM": "modeling_x.X"}}, []
    yield {"quantization_config": None}, []
    yield {"quantization_config": {}}, []


def rotations(rope):
    """yarn, dynamic and longrope; the fixtures' chunks have 70, 1 and 17 inputs."""
    original, top = "original_max_position_embeddings", {"rope_theta": 500.0}
    yarn = {"rope_type": "yarn", "factor": 4.0, original: 32}
    for change in [
        {"factor": 4}, {"factor": 0.5}, {"factor": 1}, {"factor": None}, {"factor": "4"},
        {"attention_factor": 1.5}, {"attention_factor": 2}, {"attention_factor": 0},
        {"attention_factor": -0.7}, {"attention_factor": None}, {"attention_factor": "1"},
        {"mscale": 0.7}, {"mscale": 0.7, "mscale_all_dim": 1.2}, {"mscale": 0, "mscale_all_dim": 1},
        {"mscale": 1, "mscale_all_dim": 1}, {"mscale": None, "mscale_all_dim": 1.2},
        {"mscale": 0.7, "mscale_all_dim": 1.2, "attention_factor": 1.1},
        {"beta_fast": 4}, {"beta_fast": 0}, {"beta_fast": None}, {"beta_slow": 0.3},
        {"beta_slow": None}, {"beta_fast": 2.5, "beta_slow": 0.5}, {"beta_fast": 1, "beta_slow": 8},
        {"beta_fast": -1}, {"beta_fast": 3, "beta_slow": 3},
        {"truncate": False}, {"truncate": True}, {"truncate": None},
        {"truncate": False, "beta_fast": 5.5, "beta_slow": 0.7},
        {original: 16}, {original: 32.0}, {original: 32.5}, {original: 1}, {original: 4096},
        {original: None}, {original: "32"}, {"rope_theta": 70.0}, {"rope_theta": 1.0},
        {"type": "linear"}, {"type": None}, {"type": 5},
    ]:
        yield {**top, "rope_scaling": {**yarn, **change}}, rope
    for key in ["factor", original, "rope_type"]:
        yield {**top, "rope_scaling": {k: v for k, v in yarn.items() if k != key}}, rope
    yield {**top, "rope_scaling": yarn, original: 16}, rope
    yield {**top, "rope_scaling": yarn, original: None}, rope
    yield {**top, "rope_scaling": {**yarn, original: None}, original: 16}, rope
    yield {**top, "rope_scaling": {**yarn, "factor": None}, "max_position_embeddings": 96}, rope
    yield {"rope_parameters": {**yarn, **THETA}}, []
    yield {"rope_parameters": {**yarn, **THETA, "partial_rotary_factor": 0.5}}, []
    yield {"rope_scaling": {**yarn, "rope_theta": 70.0}, "rope_parameters": {
        "rope_type": "default", "rope_theta": 9000.0}}, []
    dynamic = {"type": "dynamic", "factor": 2.0}
    for factor in [2, 8.0, 1.0, 0.5, None, "2"]:
        for length in [32, 70, 71, 17]:
            yield {**top, "rope_scaling": {**dynamic, "factor": factor},
                   "max_position_embeddings": length}, rope
    yield {**top, "rope_scaling": {"type": "dynamic"}, "max_position_embeddings": 32}, rope
    yield {**top, "rope_scaling": {**dynamic, original: 16}, "max_position_embeddings": 48}, rope
    yield {"rope_parameters": {"rope_type": "dynamic", "factor": 3, **THETA},
           "max_position_embeddings": 32, "rope_theta": 9.0}, []
    for half in [4, 6]:
        long = {"type": "longrope", "short_factor": [1.0, 1.1, 1.3, 2, 2.5, 3][:half],
                "long_factor": [1.5, 2.0, 4.5, 8, 9.0, 16][:half], original: 32}
        for change in [
            {}, {"factor": 4.0}, {"factor": 4}, {"factor": 1}, {"factor": None}, {"factor": 0.5},
            {"attention_factor": 1.4}, {"attention_factor": 2}, {"attention_factor": None},
            {original: 70}, {original: 69}, {original: 17}, {original: 1}, {original: None},
            {original: 69.5}, {"short_factor": [1.5]}, {"long_factor": [3]}, {"short_factor": []},
            {"short_factor": None}, {"long_factor": ["1"] * half}, {"long_factor": [1.0] * (half + 1)},
            {"type": "su"}, {"rope_type": "longrope", "type": "su"}, {"rope_theta": 70.0},
        ]:
            yield {**top, "rope_scaling": {**long, **change}}, rope
        # As Phi-3's files have it.
        bare = {key: value for key, value in long.items() if key != original}
        yield {**top, "rope_scaling": bare, original: 32, "max_position_embeddings": 512}, rope
        yield {**top, "rope_scaling": long, original: 16, "max_position_embeddings": 512}, rope
        yield {**top, "rope_scaling": bare}, rope
        yield {**top, "rope_scaling": {**bare, "factor": 8}, "max_position_embeddings": 40}, rope


def mamba_cases():
    for key, values in {
        "time_step_rank": ["auto", None, 2, 2.0, "2", 0, "Auto"],
        "expand": [2, 2.0, None, 1, "2", 2.5],
        "intermediate_size": [64, 32, None, "x"],
        "d_model": [32, 16], "d_inner": [64, 32], "n_layer": [2, 1], "dt_rank": [1], "d_state": [8],
        "num_hidden_layers": [1, 2, 2.0, None], "hidden_size": [None, 32.0], "state_size": [16, 8, None],
        "ssm_cfg": [{}, {"d_state": 8}], "rms_norm": [False, True], "fused_add_norm": [False],
        "use_bias": [True, False, None, 0], "use_conv_bias": [False, True, None],
        "bias": [True], "conv_bias": [False],
        "residual_in_fp32": [False, True, None], "hidden_act": ["silu", "swish", "gelu", None, "relu"],
        "layer_norm_epsilon": [0.5, None, 1, 0, "1e-5"], "rms_norm_eps": [0.5], "norm_epsilon": [0.5],
        "layer_norm_eps": [0.5],
        "conv_kernel": [4, 3, None, 4.0], "d_conv": [3],
        "tie_word_embeddings": [True, False, None, 1], "tie_embeddings": [False],
        "time_step_scale": [3.0], "time_step_min": [0.01, 0], "time_step_max": [0.5],
        "time_step_init_scheme": ["constant", "other", None], "time_step_floor": [0.01],
        "time_step_limit": [[0.0, 0.001]],
        "rescale_prenorm_residual": [True], "use_mambapy": [True], "use_falcon_mambapy": [True],
        "mixer_rms_eps": [0.5], "use_cache": [False], "use_associative_scan": [False],
        "vocab_size": [100, 98, None], "pad_vocab_size_multiple": [8, 16],
        "text_config": [{"num_hidden_layers": 1}], "layer_types": [["mamba", "mamba"]],
        "rope_scaling": [{"rope_type": "linear", "factor": 2.0}], "rope_theta": [5.0],
        "pad_token_id": [5, -1, 4096], "num_heads": [4], "attn_layer_idx": [[1]],
        "quantization_config": [None, {}],
    }.items():
        for value in values:
            yield {key: value}, []
    for key in ["time_step_rank", "expand", "intermediate_size", "state_size", "conv_kernel",
                "use_conv_bias", "use_bias", "hidden_act", "layer_norm_epsilon", "hidden_size",
                "num_hidden_layers", "vocab_size", "tie_word_embeddings"]:
        yield {}, [key]
    yield {"rope_scaling": {"rope_type": "linear", "factor": 2.0}, "rope_theta": 5.0}, []


def mistral_cases():
    """Beside those of every transformer."""
    yield from shared_cases()
    full, sliding = "full_attention", "sliding_attention"
    for window in [1, 2, 8, 16, 17, 64, 69, 70, 71, 4096, None, 0, -1, "8", True]:
        yield {"sliding_window": window}, []
    yield {}, ["sliding_window"]
    yield {"layer_types": [sliding, full], "sliding_window": 8}, []
    yield {"layer_types": [full, full], "sliding_window": 8}, []
    yield {"layer_types": [sliding, sliding], "sliding_window": 8}, []
    yield {"layer_types": None, "sliding_window": 8}, []
    yield {"attention_bias": True}, []


CASES = {
    "qwen2-gqa-tied": shared_cases, "llama3-untied": shared_cases, "qwen3-gqa-tied": shared_cases,
    "mamba-tied": mamba_cases, "mistral-whole": mistral_cases,
}


def chunk_mean_loss(model, chunks):
    total = 0.0
    with torch.no_grad():
        for chunk in chunks:
            logits = model(chunk[None, :-1]).logits[0].float()
            losses = torch.nn.functional.cross_entropy(logits, chunk[1:], reduction="none")
            counted = (chunk[:-1] != END_OF_TEXT).float()
            total += ((losses * counted).sum() / counted.sum()).item()
    return total / len(chunks)


def outcome(folder, chunks):
    try:
        model, info = AutoModelForCausalLM.from_pretrained(
            folder, dtype=torch.float32, attn_implementation="eager", output_loading_info=True,
            trust_remote_code=False)
        # Tensors of other shapes raise; missing ones are drawn at random.
        if info["missing_keys"]:
            return {"incomplete": sorted(info["missing_keys"])[0]}
        loss = chunk_mean_loss(model.eval(), chunks)
        return {"loss": loss} if math.isfinite(loss) else {"refused": f"a loss of {loss}"}
    except Exception as error:
        return {"refused": f"{type(error).__name__}: {str(error).strip()}"[:160]}


def main(root):
    logging.disable(logging.CRITICAL)
    results = []
    for name, cases in CASES.items():
        source = os.path.join(root, name)
        expected = load_file(os.path.join(source, "expected.safetensors"))
        offsets = expected["chunk_offsets"].tolist()
        chunks = [expected["chunks"][a:b].long() for a, b in zip(offsets, offsets[1:])]
        with open(os.path.join(source, "config.json")) as file:
            base = json.load(file)
        for change, removed in cases():
            with tempfile.TemporaryDirectory() as folder:
                for file in os.listdir(source):
                    if file.startswith("model"):
                        shutil.copy(os.path.join(source, file), folder)
                keys = {key: value for key, value in base.items() if key not in removed}
                with open(os.path.join(folder, "config.json"), "w") as file:
                    json.dump({**keys, **change}, file)
                results.append(
                    {"fixture": name, "set": change, "remove": removed, **outcome(folder, chunks)})
    lines = ",\n".join(json.dumps(one, sort_keys=True) for one in results)
    with open(os.path.join(root, "configurations.json"), "w") as file:
        file.write("[\n" + lines + "\n]\n")
    print(len(results), "cases")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "Tests/LanguageModelsTests/Fixtures")
