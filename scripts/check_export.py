#!/usr/bin/env python3
"""Compares a GGUF file that `miniplm export` wrote with the model folder that it was made from.

    python3 scripts/check_export.py FOLDER MODEL.gguf [--length 200] [--texts Tests/TokenizersTests/Fixtures/texts.json]

Logits of transformers on FOLDER against those of llama.cpp (F32 cache, no flash attention; package
cyllama 0.2.18, which holds its libraries) and of transformers' own GGUF loader, over random tokens;
ids of tokenizers against those of llama.cpp on texts that are in NFC. Every tensor is read by gguf-py
first. What a reader refuses is said.
"""
import argparse
import json
import os
import sys
import tempfile
import unicodedata

import numpy as np
import torch
from gguf import GGUFReader
from transformers import AutoModelForCausalLM

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("file")
parser.add_argument("--length", type=int, default=200)
parser.add_argument("--texts")
arguments = parser.parse_args()
torch.manual_seed(5)


def compare(name, found, expected):
    difference = np.abs(found - expected)
    same = np.mean(found.argmax(-1) == expected.argmax(-1))
    logp = torch.log_softmax(torch.from_numpy(np.stack([found, expected])).double(), -1)
    shifted = (logp[0] - logp[1]).abs().max().item()
    print(f"{name}: largest difference of a logit {difference.max():.3g}, of a log-probability "
          f"{shifted:.3g}, same choice {100 * same:.1f} %")
    return difference.max()


def read():
    reader = GGUFReader(arguments.file)
    kinds = {}
    for tensor in reader.tensors:
        kinds[tensor.tensor_type.name] = kinds.get(tensor.tensor_type.name, 0) + 1
    print("gguf-py:", len(reader.tensors), "tensors", kinds)


def llama():
    from cyllama.llama import llama_cpp as cpp
    cpp.llama_backend_init()
    cpp.disable_logging()
    settings = cpp.LlamaModelParams()
    settings.n_gpu_layers = 0

    class Size(int):
        def __call__(self):
            return int(self)

    class Model(cpp.LlamaModel):
        """Which the package's context asks for what it has not."""
        @property
        def n_vocab(self):
            return Size(self.get_vocab().n_vocab)

    try:
        model = Model(arguments.file, settings)
    except Exception as error:
        print("llama.cpp: refused,", str(error)[:200])
        return
    parameters = cpp.LlamaContextParams()
    parameters.n_ctx = parameters.n_batch = parameters.n_ubatch = arguments.length
    parameters.n_threads = parameters.n_threads_batch = 2
    # F32, and no flash attention.
    parameters.type_k = parameters.type_v = 0
    parameters.flash_attn_type = 0
    context = cpp.LlamaContext(model, parameters)
    vocabulary = model.get_vocab()
    batch = cpp.LlamaBatch(n_tokens=arguments.length, embd=0, n_seq_max=1)
    for place, token in enumerate(tokens.tolist()):
        batch.add(token, place, [0], True)
    context.decode(batch)
    found = np.array(
        [context.get_logits_ith(place) for place in range(arguments.length)], np.float32)
    compare("llama.cpp", found[:, :expected.shape[1]], expected)
    if arguments.texts:
        from tokenizers import Tokenizer
        tokenizer = Tokenizer.from_file(f"{arguments.folder}/tokenizer.json")
        texts = json.load(open(arguments.texts))
        texts = [t for t in (texts if isinstance(texts, list) else texts["texts"])
                 if unicodedata.is_normalized("NFC", t)]
        wrong = []
        for text in texts:
            ids = vocabulary.tokenize(text, False, True) if text else []
            if list(ids) != tokenizer.encode(text, add_special_tokens=False).ids:
                wrong.append(text)
        print(f"llama.cpp: ids of {len(texts) - len(wrong)} of {len(texts)} texts are equal",
              [t[:40] for t in wrong[:4]])


def transformers_reader():
    folder, name = os.path.split(os.path.abspath(arguments.file))
    try:
        model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=name, dtype=torch.float32)
    except Exception as error:
        print("transformers' GGUF loader:", type(error).__name__, str(error)[:200])
        return
    with torch.no_grad():
        compare("transformers' GGUF loader", model(tokens[None]).logits[0].numpy(), expected)


read()
original = AutoModelForCausalLM.from_pretrained(arguments.folder, dtype=torch.float32)
tokens = torch.randint(0, original.config.vocab_size, (arguments.length,))
with torch.no_grad():
    expected = original(tokens[None]).logits[0].numpy()
llama()
transformers_reader()
