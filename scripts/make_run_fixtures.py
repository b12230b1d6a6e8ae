#!/usr/bin/env python3
"""Writes Tests/TokenizersTests/Fixtures/runs.json: ids of texts of long runs of few characters, by small
tokenizers with odd orders of merges and with scores that tie, from Hugging Face's `tokenizers`.

    pip install tokenizers==0.23.3
    python scripts/make_run_fixtures.py
    python scripts/make_run_fixtures.py --fuzz 1000 --seed 7 [--miniplm PATH]

With --fuzz that many random tokenizers are compared with `miniplm tokenizer encode` instead.
"""
import argparse
import itertools
import json
import pathlib
import random
import sys
import tempfile

from fuzz_tokenizer import ours
from tokenizers import Tokenizer, pre_tokenizers

TARGET = pathlib.Path(__file__).parent.parent / "Tests/TokenizersTests/Fixtures/runs.json"


def document(model, stage=None):
    empty = dict.fromkeys(("truncation", "padding", "normalizer", "post_processor", "decoder"))
    return {"version": "1.0", **empty, "added_tokens": [], "pre_tokenizer": stage, "model": model}


def bpe(source, is_byte_level):
    letters = source.sample("abcd" if is_byte_level else "ab日", source.randrange(1, 4))
    vocab, merges = list(letters), []
    for _ in range(source.randrange(1, 25)):
        left = source.choice(vocab)
        right = left if source.random() < 0.6 else source.choice(vocab)
        if len(left + right) > 40:
            continue
        if left + right not in vocab:
            vocab.append(left + right)
        if [left, right] not in merges:
            merges.append([left, right])
    if source.random() < 0.5:
        source.shuffle(merges)
    stage = None
    if is_byte_level:
        stage = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
        vocab += sorted(set(pre_tokenizers.ByteLevel.alphabet()) - set(vocab))
    options = dict(dropout=None, unk_token=None, continuing_subword_prefix=None, end_of_word_suffix=None, fuse_unk=False)
    model = dict(type="BPE", **options, byte_fallback=False, ignore_merges=False, vocab={t: i for i, t in enumerate(vocab)}, merges=merges)
    return document(model, stage), letters


def unigram(source):
    letters = source.sample("ab日é", source.randrange(1, 4))
    vocab = {"<unk>": 0.0}
    for _ in range(source.randrange(1, 20)):
        run = source.choice(letters) * source.randrange(1, 20)
        token = run if source.random() < 0.7 else "".join(source.choice(letters) for _ in range(source.randrange(1, 6)))
        vocab[token] = source.choice([-1.0 * len(token), -source.random() * 10, -0.1 * len(token), round(-source.random() * 9, 1)])
    spells = source.random() < 0.2
    if spells:
        vocab |= {"<0x%02X>" % byte: -20.0 for byte in range(256)}
    return document({"type": "Unigram", "unk_id": 0, "vocab": list(map(list, vocab.items())), "byte_fallback": spells}), letters + ["z"]


def tokenizer(source):
    kind = source.randrange(3)
    return unigram(source) if kind == 2 else bpe(source, kind == 1)


def runs(source, letters):
    lengths = lambda: (1, 1, 2, 3, source.randrange(1, 20), source.randrange(60, 200), source.randrange(60, 700))
    return [[source.choice(letters), source.choice(lengths())] for _ in range(source.randrange(1, 8))]


def fuzz(options):
    source, different, compared = random.Random(options.seed), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        path = folder + "/tokenizer.json"
        for _ in range(options.fuzz):
            file, letters = tokenizer(source)
            pathlib.Path(path).write_text(json.dumps(file))
            texts = ["".join(unit * count for unit, count in runs(source, letters)) for _ in range(40)]
            wanted = [e.ids for e in Tokenizer.from_file(path).encode_batch_fast(texts, add_special_tokens=False)]
            for text, want, have in zip(texts, wanted, ours(options.miniplm, path, texts), strict=True):
                compared += 1
                different += want != have
                if want != have and different <= 3:
                    print(f"different: {text[:80]!r} {json.dumps(file['model'])[:400]}")
    print(f"{compared} texts compared, {different} different")
    sys.exit(different != 0)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--fuzz", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--miniplm", default=".build/release/miniplm")
    options = parser.parse_args()
    if options.fuzz:
        return fuzz(options)
    source, cases = random.Random(233), []
    for _ in range(60):
        file, letters = tokenizer(source)
        reference = Tokenizer.from_str(json.dumps(file))
        texts = []
        for text in (runs(source, letters) for _ in range(6)):
            ids = reference.encode("".join(unit * count for unit, count in text), add_special_tokens=False).ids
            texts.append({"runs": text, "ids": [[i, len(list(same))] for i, same in itertools.groupby(ids)]})
        cases.append({"file": file, "texts": texts})
    TARGET.write_text(json.dumps(cases, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
