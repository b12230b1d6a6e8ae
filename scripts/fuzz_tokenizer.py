#!/usr/bin/env python3
"""Compares the ids of `miniplm tokenizer encode` with those of Hugging Face's `tokenizers` on random
texts: characters of all Unicode blocks, code, runs of white space, decomposed text, added tokens.

    pip install tokenizers==0.23.3
    python scripts/fuzz_tokenizer.py TOKENIZER.json [--miniplm PATH] [--count 1000000] [--seed 1]

Texts are made and compared in batches; the first differences are printed, and the exit status says
whether there were any. With --corpus FILE.jsonl the texts of that file are compared instead.
"""
import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import unicodedata

from tokenizers import Tokenizer

SPACES = " \n\r\t\v\f\u0085\u00a0\u1680\u2003\u2028\u2029\u202f\u3000"
MARKS = [0x300, 0x301, 0x323, 0x334, 0x345, 0x5B0, 0x64B, 0x93C, 0x94D, 0xE31, 0xE48, 0x1161, 0x11A8, 0x3099, 0x20D0]
JOINERS = [0x200B, 0x200D, 0xFE0F, 0xFEFF, 0x1F3FB, 0xAD]
WORDS = (
    "the of and Hello World ing tion I'm you're WE'LL they'Ve don't 's 'S '\u017f x''y naïve Straße ÄÖÜß größe "
    "Übermäßigkeit donaudampfschifffahrt café señor résumé привет мир Київ γλώσσα שלום مرحبا हिन्दी भाषा ภาษาไทย 日本語 "
    "テキスト 中文分词 한국어 한글 ｆｕｌｌ 😀 👍🏽 👨‍👩‍👧 🇩🇪 snake_case camelCase HTTPServer getX2Y foo(bar) a[i++]; "
    "#include <stdio.h> def f(x): return x**2 // ... --- === != <= && || :: -> \\n \\t {\"k\":1} </div> &nbsp; "
    "0 7 42 123 1234 12345 1,000,000 3.14159 0xFF 1e-9 ٣٤٥ १२३ ½ Ⅷ ② https://example.org/a?b=c&d=%20#e user@host"
).split(" ")
BLOCKS = [(0x20, 0x7F), (0xA0, 0x250), (0x250, 0x600), (0x600, 0x900), (0x900, 0xE00), (0xE00, 0x1200), (0x1200, 0x2000),
          (0x2000, 0x2C00), (0x2C00, 0x3400), (0x3400, 0xA000), (0xA000, 0xAC00), (0xAC00, 0xD800), (0xE000, 0x10000),
          (0x10000, 0x12000), (0x16000, 0x1E000), (0x1E000, 0x20000), (0x20000, 0x33000), (0xE0000, 0x110000)]


def pieces(source, added):
    """Makers of parts of texts, of many kinds."""
    block = lambda: (lambda low, high: chr(source.randrange(low, high)))(*source.choice(BLOCKS))
    return [
        block,
        lambda: "".join(block() for _ in range(source.randrange(1, 6))),
        lambda: chr(source.randrange(0x20, 0x7F)),
        lambda: chr(source.randrange(0x80)),
        lambda: source.choice(SPACES) * source.choice((1, 1, 1, 2, 3, 9)),
        lambda: " " * source.choice((1, 1, 1, 1, 2, 4, 8, 25)),
        lambda: source.choice("\n\r\t") * source.choice((1, 1, 2, 5)),
        lambda: chr(source.choice(MARKS + JOINERS)),
        lambda: source.choice(WORDS),
        lambda: " " + source.choice(WORDS),
        lambda: unicodedata.normalize("NFD", source.choice(WORDS)),
        lambda: source.choice(WORDS).upper(),
        lambda: "".join(source.choice("0123456789") for _ in range(source.choice((1, 2, 3, 4, 7, 20)))),
        lambda: source.choice("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~") * source.choice((1, 1, 2, 3, 40)),
        lambda: source.choice("abcxyzABC日") * source.choice((1, 2, 7, 17, 70)),
        lambda: source.choice(added),
        lambda: source.choice(added)[: source.randrange(1, 9)],
    ]


def random_texts(count, seed, added):
    source = random.Random(seed)
    makers = pieces(source, added)
    for _ in range(count):
        chosen = source.sample(makers, source.randrange(1, 6))
        text = "".join(source.choice(chosen)() for _ in range(source.randrange(1, 16)))
        yield "".join(c for c in text if not 0xD800 <= ord(c) < 0xE000) or "x"


def corpus_texts(path):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            text = json.loads(line)["text"]
            if text:
                yield text


def ours(miniplm, tokenizer, texts):
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        for text in texts:
            file.write(json.dumps({"text": text}) + "\n")
        file.flush()
        command = [miniplm, "tokenizer", "encode", tokenizer, "--jsonl", file.name]
        result = subprocess.run(command, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in result.stdout.splitlines()]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tokenizer")
    parser.add_argument("--miniplm", default=".build/release/miniplm")
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--batch", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus")
    parser.add_argument("--metaspace", action="store_true", help="with U+2581 for spaces, for models without stages")
    options = parser.parse_args()
    path = options.tokenizer
    if os.path.isdir(path):
        path = os.path.join(path, "tokenizer.json")
    reference = Tokenizer.from_file(path)
    reference.no_truncation()
    reference.no_padding()
    added = [t.content for t in reference.get_added_tokens_decoder().values()] or ["x"]
    source = corpus_texts(options.corpus) if options.corpus else random_texts(options.count, options.seed, added)
    texts, compared, tokens, different = [], 0, 0, 0

    def compare():
        nonlocal compared, tokens, different
        wanted = [e.ids for e in reference.encode_batch_fast(texts, add_special_tokens=False)]
        found = ours(options.miniplm, path, texts)
        if len(found) != len(wanted):
            sys.exit(f"{len(found)} lines for {len(wanted)} texts")
        for text, want, have in zip(texts, wanted, found):
            tokens += len(want)
            if want != have:
                different += 1
                if different <= 5:
                    print(f"different: {text!r}\n  wanted {want}\n  found  {have}")
        compared += len(texts)
        texts.clear()

    for text in source:
        texts.append("\u2581" + text.replace(" ", "\u2581") if options.metaspace else text)
        if len(texts) == options.batch:
            compare()
    if texts:
        compare()
    print(f"{path}: {compared} texts, {tokens} tokens, {different} different")
    sys.exit(different != 0)


if __name__ == "__main__":
    main()
