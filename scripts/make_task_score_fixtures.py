#!/usr/bin/env python3
"""Writes Tests/PipelineTests/Fixtures/tasks: tiny random models with tokenizers whose tokens cross the border
between context and choice, a few requests, and what lm-evaluation-harness' model class gives for them.

    pip install lm-eval==0.4.13 torch transformers     # and 0.4.9 into a second folder
    python scripts/make_task_score_fixtures.py models
    python scripts/make_task_score_fixtures.py scores                    # by the installed release
    python scripts/make_task_score_fixtures.py scores --harness FOLDER   # by the one in FOLDER

models writes the folders, and requests.json; scores adds to each folder scores-VERSION.json: for every
request [log-probability, is_greedy], or the name of the error that the harness ends with. add_bos_token
and max_length are tried in some settings, which the file names.
"""
import argparse
import json
import pathlib
import sys
import types

TARGET = pathlib.Path(__file__).parent.parent / "Tests/PipelineTests/Fixtures/tasks"
TEXT = [
    "Question: What is the answer to this?\nAnswer: the river runs to the sea.\n",
    "A man is sitting on a roof. He starts pulling up roofing on a roof.\n",
    "Q: What will Jan want to do next?\nA: go home and rest.\n",
    "Question: Which of these is a liquid?\nAnswer: water\n", "The trophy does not fit in the case.\n",
] * 40
REQUESTS = [
    ["Question: What is it?\nAnswer:", " the river"],
    ["Question: What is it?\nAnswer:", " the roof of the sea"],
    ["Question: What is it?\nAnswer:", " 42"],
    ["A man is sitting on", " a roof. He starts pulling"],
    ["A man is sitting on", " \u00e9\u0301 caf\u00e9"],
    ["A man is sitting on  ", "a roof"],
    ["A man is sitting on\n", " a"],
    ["A man\u00a0", "x"],
    ["the tro", "phy does not"],
    ["roof", "ing on a roof"],
    ["", "A man is"],
    ["<s>", "A man is"],
    ["<s>A man", " is"],
    ["   ", "roof"],
    ["Q: " + "What will Jan want to do next? " * 12, " go home"],
    ["a", " " + "go home and rest. " * 12],
]
SETTINGS = [{}, {"add_bos_token": True}, {"add_bos_token": False}, {"max_length": 24}]


def tokenizers():
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

    def trained(pre, decoder, post=None):
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer, tokenizer.decoder = pre, decoder
        tokenizer.train_from_iterator(TEXT, trainers.BpeTrainer(
            vocab_size=420, special_tokens=["<s>", "</s>"], show_progress=False,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
        if post:
            tokenizer.post_processor = processors.TemplateProcessing(
                single=post, special_tokens=[("<s>", 0), ("</s>", 1)])
        return tokenizer

    whole = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    words = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    yield "words", trained(words, decoders.ByteLevel())
    # Merges go over spaces and line ends.
    yield "crossing", trained(whole, decoders.ByteLevel())
    yield "beginning", trained(words, decoders.ByteLevel(), "<s> $A")
    yield "ending", trained(whole, decoders.ByteLevel(), "$A </s>")


def write_models():
    import torch
    from transformers import (LlamaConfig, LlamaForCausalLM, MambaConfig, MambaForCausalLM,
                              Qwen3Config, Qwen3ForCausalLM)

    shared = dict(vocab_size=424, initializer_range=0.3, bos_token_id=0, eos_token_id=1)
    shapes = {
        "words": (MambaForCausalLM, MambaConfig(
            hidden_size=16, num_hidden_layers=2, state_size=4, expand=2, conv_kernel=4,
            tie_word_embeddings=True, **shared)),
        "crossing": (Qwen3ForCausalLM, Qwen3Config(
            hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=2,
            num_key_value_heads=1, head_dim=8, max_position_embeddings=512,
            tie_word_embeddings=True, **shared)),
        "beginning": (LlamaForCausalLM, LlamaConfig(
            hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=2,
            num_key_value_heads=1, max_position_embeddings=512, tie_word_embeddings=True, **shared)),
        "ending": (LlamaForCausalLM, LlamaConfig(
            hidden_size=16, intermediate_size=24, num_hidden_layers=1, num_attention_heads=2,
            num_key_value_heads=2, max_position_embeddings=64, tie_word_embeddings=True, **shared)),
    }
    for name, tokenizer in tokenizers():
        torch.manual_seed(len(name))
        kind, config = shapes[name]
        model = kind(config).to(torch.float32)
        model.save_pretrained(TARGET / name)
        tokenizer.save(str(TARGET / name / "tokenizer.json"))
        (TARGET / name / "tokenizer_config.json").write_text(json.dumps({
            "tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<s>", "eos_token": "</s>"}))
        (TARGET / name / "generation_config.json").unlink(missing_ok=True)
    (TARGET / "requests.json").write_text(json.dumps(REQUESTS, indent=0, ensure_ascii=True) + "\n")


def write_scores():
    import importlib.metadata

    import lm_eval
    import torch
    from lm_eval.models.huggingface import HFLM

    version = getattr(lm_eval, "__version__", None)
    place = pathlib.Path(lm_eval.__file__).parent.parent
    found = [d.name for d in place.glob("lm_eval-*.dist-info")]
    version = found[0].split("-")[1].removesuffix(".dist") if found else version
    torch.set_num_threads(1)
    for folder in sorted(path for path in TARGET.iterdir() if path.is_dir()):
        runs = []
        for setting in SETTINGS:
            model = HFLM(pretrained=str(folder), dtype="float32", batch_size=1, device="cpu", **setting)
            scores = []
            for request in REQUESTS:
                instance = types.SimpleNamespace(args=tuple(request), task_name="made")
                try:
                    value, greedy = model.loglikelihood([instance], disable_tqdm=True)[0]
                    scores.append([value, greedy])
                except Exception as error:
                    scores.append(type(error).__name__)
            runs.append({"setting": setting, "scores": scores})
        (folder / f"scores-{version}.json").write_text(json.dumps(runs, indent=0) + "\n")
        print(folder.name, version, [[s if isinstance(s, str) else round(s[0], 2) for s in r["scores"]] for r in runs])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["models", "scores"])
    parser.add_argument("--harness")
    options = parser.parse_args()
    if options.harness:
        sys.path.insert(0, options.harness)
    TARGET.mkdir(parents=True, exist_ok=True)
    (write_models if options.what == "models" else write_scores)()


if __name__ == "__main__":
    main()
