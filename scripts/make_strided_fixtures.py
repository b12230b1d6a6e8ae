#!/usr/bin/env python3
"""Writes the parity fixture of whole texts in strided windows from transformers and torch.

    python3 scripts/make_strided_fixtures.py [Tests/PipelineTests/Fixtures/strided]

A tiny random Llama with a byte-level tokenizer that puts <s> before a text, texts.jsonl of two sources,
and expected.json: for every window, stride and start the targets and the sum of their negative
log-likelihoods of each text, and the bytes that they stand for. Windows are those of transformers'
documentation, "Perplexity of fixed-length models": labels before the last stride of a window are -100.
"""
import json
import os
import random
import shutil
import sys

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

WORDS = "river stone bridge value count return slow boats under the old mill café".split()
CASES = [(16, 8), (16, 15), (9, 1), (24, 5), (200, 100)]


def texts():
    chosen = random.Random(4)
    for number in range(7):
        count = [1, 3, 12, 20, 33, 60, 90][number]
        text = " ".join(chosen.choice(WORDS) for _ in range(count))
        yield {"text": text, "meta": {"pile_set_name": ["prose", "code"][number % 2]}}
    yield {"text": "a", "meta": {"pile_set_name": "prose"}}


def make_tokenizer(lines):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(
        [line["text"] for line in lines],
        trainers.BpeTrainer(
            vocab_size=300, special_tokens=["<s>", "</s>"], show_progress=False,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", special_tokens=[("<s>", 0)])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>")


def strided(model, tokens, window, stride):
    """Targets and sum of their negative log-likelihoods."""
    ids = torch.tensor([tokens])
    total, targets, previous = 0.0, 0, 0
    for begin in range(0, len(tokens), stride):
        end = min(begin + window, len(tokens))
        labels = ids[:, begin:end].clone()
        labels[:, :-(end - previous)] = -100
        counted = int((labels[:, 1:] != -100).sum())
        if counted:
            with torch.no_grad():
                loss = model(ids[:, begin:end], labels=labels).loss
            total += loss.item() * counted
            targets += counted
        previous = end
        if end == len(tokens):
            break
    return targets, total


def main(folder):
    torch.manual_seed(5)
    shutil.rmtree(folder, ignore_errors=True)
    lines = list(texts())
    tokenizer = make_tokenizer(lines)
    model = LlamaForCausalLM(LlamaConfig(
        vocab_size=300, hidden_size=16, intermediate_size=24, num_hidden_layers=1,
        num_attention_heads=2, num_key_value_heads=1, max_position_embeddings=256,
        initializer_range=0.3, bos_token_id=0, eos_token_id=1, tie_word_embeddings=True)).eval()
    model.save_pretrained(os.path.join(folder, "model"))
    tokenizer.save_pretrained(os.path.join(folder, "model"))
    with open(os.path.join(folder, "texts.jsonl"), "w") as file:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    cases = []
    for window, stride in CASES:
        for start in ["tokenizer", "none"]:
            results = []
            for line in lines:
                tokens = tokenizer(line["text"], add_special_tokens=start == "tokenizer").input_ids
                targets, nll = strided(model, tokens, window, stride)
                text = len(line["text"].encode())
                first = len(tokenizer.decode(tokens[:1]).encode()) if start == "none" else 0
                if targets:
                    results.append({"targets": targets, "nll": nll, "bytes": text - first})
            cases.append({"window": window, "stride": stride, "start": start, "texts": results})
    with open(os.path.join(folder, "expected.json"), "w") as file:
        json.dump(cases, file)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "Tests/PipelineTests/Fixtures/strided")
