#!/usr/bin/env python3
"""Compares `miniplm convert` with the published conversion script, byte by byte, or makes test fixtures by it.

Runs tools/convert_tokenization.py of a MiniPLM checkout. As published it ends with a TypeError: it calls the shard builder
with output_state_start, which is spelt output_start_state there; that one word is mended in memory. Modules that it
imports but does not need for this work (deepspeed, peft, accelerate, numerize) are stand-ins.

usage: check_conversion.py CHECKOUT run SHARDS OUTPUT --from TOKENIZER --to TOKENIZER --as mamba|llama3_1 [--ours FOLDER]
       check_conversion.py CHECKOUT fixtures TOKENIZER_FIXTURES OUTPUT.json
needs: numpy, torch, transformers
"""
import argparse
import filecmp
import glob
import importlib.util
import json
import os
import random
import sys
import time
import types

ENDS = ["<|endoftext|>", "<|end_of_text|>"]
BEGINNING = "<|begin_of_text|>"


def tokenizer(path):
    from transformers import PreTrainedTokenizerFast
    file = path if path.endswith(".json") else os.path.join(path, "tokenizer.json")
    loaded = PreTrainedTokenizerFast(tokenizer_file=file)
    vocabulary = loaded.get_vocab()
    loaded.eos_token = next(name for name in ENDS if name in vocabulary)
    if BEGINNING in vocabulary:
        loaded.bos_token = BEGINNING
    return loaded


def published(checkout):
    """The published script as a module, with the misspelt word mended."""
    def stand_in(name, **members):
        module = types.ModuleType(name)
        module.__dict__.update(members)
        sys.modules[name] = module
        return module

    def load(name, path):
        spec = importlib.util.spec_from_file_location(name, os.path.join(checkout, path))
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        return module

    stand_in("deepspeed")
    stand_in("numerize")
    stand_in("numerize.numerize", numerize=str)
    # The published list of families whose chunks begin with a token.
    stand_in("utils", BOS_MODELS=["llama", "mistral", "fairseq", "llama3_1"],
             get_tokenizer=lambda args, model_path, model_type: tokenizer(model_path))
    load("arguments", "arguments.py")
    package = stand_in("data_utils")
    package.__path__ = [os.path.join(checkout, "data_utils")]
    indexed = load("data_utils.indexed_dataset", "data_utils/indexed_dataset.py")
    distributed = load("data_utils.distributed_indexed", "data_utils/distributed_indexed.py")
    package.ChunkedDatasetBuilder = indexed.ChunkedDatasetBuilder
    package.best_fitting_dtype = indexed.best_fitting_dtype
    package.DistributedMMapIndexedDataset = distributed.DistributedMMapIndexedDataset
    path = os.path.join(checkout, "tools/convert_tokenization.py")
    module = types.ModuleType("convert_tokenization")
    sys.modules["convert_tokenization"] = module
    text = open(path).read().replace("output_state_start=", "output_start_state=")
    exec(compile(text, path, "exec"), module.__dict__)
    return module


def run(arguments):
    module = published(arguments.checkout)
    sys.argv = ["convert", "--base-path", arguments.output, "--data-name", "converted", "--old-model-type", "qwen",
                "--old-model-path", arguments.old, "--model-type", arguments.family, "--model-path", arguments.new,
                "--data-dir", arguments.shards, "--save", arguments.output, "--max-length", "1025",
                "--data-process-workers", str(arguments.workers), "--chunk-num-per-shard", "1000000"]
    start = time.time()
    module.main()
    folder = f"{arguments.output}/converted/qwen-{arguments.family}-1025"
    print(f"published: {time.time() - start:.1f} s with {arguments.workers} workers, in {folder}")
    if arguments.ours:
        # The published builder leaves an empty .bin behind a full last shard.
        names = [os.path.basename(n) for n in sorted(glob.glob(f"{folder}/data_*")) if os.path.getsize(n)]
        same = [filecmp.cmp(f"{folder}/{name}", f"{arguments.ours}/{name}", shallow=False) for name in names]
        print(json.dumps(dict(zip(names, same))))
        ours = {os.path.basename(n) for n in glob.glob(f"{arguments.ours}/data_*") if n.endswith((".bin", ".idx"))}
        sys.exit(0 if all(same) and ours == set(names) else 1)


def fixtures(arguments):
    """Chunks by cut-down tokenizers, converted by the published function."""
    import numpy as np
    module = published(arguments.checkout)
    folder = arguments.tokenizers
    texts = json.load(open(f"{folder}/texts.json"))[::3]
    draw = random.Random(7)
    old = tokenizer(f"{folder}/qwen2.tokenizer.json")
    end = old.eos_token_id
    chunks = [[], [end], [end, end], [5], [5, end], [end, 5]]
    for text in texts:
        ids = old.encode(text, add_special_tokens=False)
        if ids:
            chunks.append(ids[:400])
            # Cut anywhere, also inside a character.
            start = draw.randrange(len(ids))
            chunks.append(ids[start:start + draw.randrange(1, 60)])
    for _ in range(60):
        ids = []
        for text in draw.choices(texts, k=draw.randrange(1, 8)):
            ids += old.encode(text, add_special_tokens=False)[:draw.randrange(1, 120)] + [end]
        start = draw.randrange(min(20, len(ids)))
        chunks.append(ids[start:start + draw.randrange(2, 300)])
    # Any ids at all: bytes in an order that no text has, special and unused ones too.
    for _ in range(60):
        chunks.append([draw.randrange(1796) for _ in range(draw.randrange(1, 80))])
    cases = []
    for name, family in (("falcon", "mamba"), ("llama-bpe", "llama3_1"), ("qwen2", "qwen")):
        for length in (1025, 64):
            module.Encoder.tokenizer_old = old
            module.Encoder.tokenizer_new = tokenizer(f"{folder}/{name}.tokenizer.json")
            encoder = module.Encoder.__new__(module.Encoder)
            encoder.args = types.SimpleNamespace(model_type=family, max_length=length)
            converted = [[int(i) for i in encoder.encode((0, np.array(c, dtype=np.int32)))[2]] for c in chunks]
            cases.append({"to": name, "bos": family == "llama3_1", "maximumLength": length, "converted": converted})
    json.dump({"from": "qwen2", "chunks": chunks, "cases": cases}, open(arguments.output, "w"), separators=(",", ":"))
    print(f"{len(chunks)} chunks, {os.path.getsize(arguments.output)} bytes")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout")
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("run")
    command.add_argument("shards")
    command.add_argument("output")
    command.add_argument("--from", dest="old", required=True)
    command.add_argument("--to", dest="new", required=True)
    command.add_argument("--as", dest="family", required=True)
    command.add_argument("--ours")
    command.add_argument("--workers", type=int, default=2)
    command.set_defaults(work=run)
    command = commands.add_parser("fixtures")
    command.add_argument("tokenizers")
    command.add_argument("output")
    command.set_defaults(work=fixtures)
    arguments = parser.parse_args()
    arguments.work(arguments)
