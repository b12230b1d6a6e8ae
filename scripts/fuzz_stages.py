#!/usr/bin/env python3
"""Compares normalizers, pre-tokenizers and decoders of `miniplm tokenizer` with those of Hugging Face's
`tokenizers`, kind by kind, on random texts and ids.

The model has a token for every byte and no merges, and a last stage that marks where pieces begin, so
that ids show what a stage makes of a text, character by character.

    pip install tokenizers==0.23.3
    python scripts/fuzz_stages.py [--miniplm PATH] [--count 1000000] [--seed 1] [--only NAME]
"""
import argparse
import base64
import json
import os
import random
import subprocess
import sys
import tempfile
import unicodedata

from charsmap import compiled
from fuzz_tokenizer import ours, random_texts
from tokenizers import Tokenizer, pre_tokenizers

ALPHABET = sorted(pre_tokenizers.ByteLevel.alphabet())
MARKED = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": False}
BYTES = dict(MARKED, add_prefix_space=False)


def sequence(kind, *parts):
    return {"type": "Sequence", kind: list(parts)}


def bert(clean=True, chinese=True, accents=None, lower=True):
    return {
        "type": "BertNormalizer",
        "clean_text": clean,
        "handle_chinese_chars": chinese,
        "strip_accents": accents,
        "lowercase": lower,
    }


def replace(pattern, content, kind="String"):
    return {"type": "Replace", "pattern": {kind: pattern}, "content": content}


def split(pattern, behavior, invert=False, kind="String"):
    return {"type": "Split", "pattern": {kind: pattern}, "behavior": behavior, "invert": invert}


def metaspace(scheme="always", cuts=True, replacement="\u2581"):
    return {"type": "Metaspace", "replacement": replacement, "prepend_scheme": scheme, "split": cuts}


def compatible_map():
    """A map like SentencePiece's nmt_nfkc: what NFKC changes, combined letters, controls and spaces."""
    mapping = {}
    for c in map(chr, range(1, 0x30000)):
        if not 0xD800 <= ord(c) < 0xE000 and unicodedata.normalize("NFKC", c) != c:
            mapping[c] = unicodedata.normalize("NFKC", c)
    for c in map(chr, range(0xC0, 0x3000)):
        parts = unicodedata.normalize("NFD", c)
        if parts != c and len(parts) > 1:
            mapping[parts] = c
    for code in (*range(1, 9), 0xB, *range(0xE, 0x20), 0x7F, 0x8F, 0x9F):
        mapping[chr(code)] = ""
    for code in (9, 10, 12, 13, 0x1680, *range(0x200B, 0x2010), 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD):
        mapping[chr(code)] = " "
    mapping["\r\n"] = "<line>"
    mapping["e\u0301"] = ""
    return {
        "type": "Precompiled",
        "precompiled_charsmap": base64.b64encode(compiled(mapping)).decode(),
    }


FORMS = [{"type": name} for name in ("NFC", "NFD", "NFKC", "NFKD")]
LOWER, ACCENTS, NMT, BYTE_LEVEL = ({"type": name} for name in ("Lowercase", "StripAccents", "Nmt", "ByteLevel"))
PREPEND = {"type": "Prepend", "prepend": "\u2581"}
STRIP = {"type": "Strip", "strip_left": True, "strip_right": True}


def normalizer_kinds():
    kinds = {form["type"]: form for form in FORMS}
    kinds |= {"Lowercase": LOWER, "StripAccents": ACCENTS, "Nmt": NMT, "ByteLevel": BYTE_LEVEL, "Prepend": PREPEND}
    kinds["Strip"] = STRIP
    kinds["Strip left"] = dict(STRIP, strip_right=False)
    kinds["Strip right"] = dict(STRIP, strip_left=False)
    kinds["Bert"] = bert()
    kinds["Bert cased"] = bert(lower=False)
    kinds["Bert accents"] = bert(accents=False)
    kinds["Bert only accents"] = bert(clean=False, chinese=False, accents=True, lower=False)
    kinds["Bert nothing"] = bert(clean=False, chinese=False, accents=False, lower=False)
    kinds["Replace space"] = replace(" ", "\u2581")
    kinds["Replace text"] = replace("ab", "")
    kinds["Replace nothing"] = replace("", "-")
    kinds["Replace spaces"] = replace(" {2,}", " ", "Regex")
    kinds["Replace words"] = replace(r"[A-Z]\p{L}+", "w\u00e9", "Regex")
    kinds["Replace lines"] = replace(r"[\n\r\t]", "", "Regex")
    kinds["Precompiled"] = compatible_map()
    join = lambda *parts: sequence("normalizers", *parts)
    kinds["Llama"] = join(PREPEND, replace(" ", "\u2581"))
    kinds["ALBERT"] = join(
        replace("``", '"'), replace("''", '"'), {"type": "NFKD"}, ACCENTS, LOWER, compatible_map(), replace(" {2,}", " ", "Regex")
    )
    kinds["Marian"] = join(compatible_map(), dict(STRIP, strip_left=False), replace(" {2,}", "\u2581", "Regex"))
    kinds["CLIP"] = join({"type": "NFC"}, replace(r"\s+", " ", "Regex"), LOWER)
    kinds["lower NFC"] = join(LOWER, {"type": "NFC"})
    kinds["NFD accents NFC"] = join({"type": "NFD"}, ACCENTS, {"type": "NFC"})
    kinds["NFKC lower NFKD"] = join({"type": "NFKC"}, LOWER, {"type": "NFKD"}, NMT)
    kinds["NFKD lower NFKC"] = join({"type": "NFKD"}, LOWER, {"type": "NFKC"})
    return kinds


def first(*parts):
    """Normalizers before a Metaspace that marks the start of the text only."""
    return sequence("normalizers", *parts), metaspace("first")


def pre_tokenizer_kinds():
    kinds = {}
    for scheme in ("always", "first", "never"):
        kinds[f"Metaspace {scheme}"] = metaspace(scheme)
        kinds[f"Metaspace {scheme} whole"] = metaspace(scheme, False)
    kinds["Metaspace letter"] = metaspace("always", True, "a")
    kinds["BertPreTokenizer"] = {"type": "BertPreTokenizer"}
    kinds["CharDelimiterSplit"] = {"type": "CharDelimiterSplit", "delimiter": "-"}
    kinds["UnicodeScripts"] = {"type": "UnicodeScripts"}
    kinds["FixedLength"] = {"type": "FixedLength", "length": 3}
    kinds["Whitespace"] = {"type": "Whitespace"}
    kinds["WhitespaceSplit"] = {"type": "WhitespaceSplit"}
    for behavior in ("Isolated", "Removed", "MergedWithPrevious", "MergedWithNext", "Contiguous"):
        kinds[f"Punctuation {behavior}"] = {"type": "Punctuation", "behavior": behavior}
        for invert in (False, True):
            name = f"{behavior} {'inverted' if invert else ''}".strip()
            kinds[f"Split {name}"] = split(" ", behavior, invert)
            kinds[f"Split all {name}"] = split("", behavior, invert)
            kinds[f"Split words {name}"] = split(r"\w+|[^\w\s]+", behavior, invert, "Regex")
    join = lambda *parts: sequence("pretokenizers", *parts)
    kinds["XLM-R"] = join({"type": "WhitespaceSplit"}, metaspace())
    kinds["T5"] = join({"type": "WhitespaceSplit"}, metaspace("first"))
    kinds["scripts first"] = join({"type": "UnicodeScripts"}, metaspace("first"), {"type": "Digits", "individual_digits": True})
    kinds["bytes first"] = join(BYTES, metaspace("first"))
    kinds["twice bytes"] = join(MARKED, dict(BYTES, use_regex=True))
    kinds["cut bytes"] = join(dict(MARKED, use_regex=True), {"type": "Whitespace"}, metaspace())
    normal = {}
    for name, parts in {
        "NFKC": [{"type": "NFKC"}],
        "NFD accents": [{"type": "NFD"}, ACCENTS],
        "Strip": [STRIP],
        "Bert": [bert()],
        "Nmt Prepend": [NMT, PREPEND],
        "Replace": [replace("a", ""), replace(r"[\n\x20]+", "", "Regex"), replace("The", "A")],
        "Precompiled": [compatible_map()],
        "NFKD Precompiled": [{"type": "NFKD"}, compatible_map(), LOWER],
    }.items():
        normal[f"first after {name}"] = sequence("normalizers", *parts), metaspace("first")
        normal[f"digits first after {name}"] = (
            sequence("normalizers", *parts),
            join({"type": "Digits", "individual_digits": True}, metaspace("first")),
        )
    return {name: (None, stage) for name, stage in kinds.items()} | normal


def decoder_kinds():
    word_piece = lambda cleanup: {"type": "WordPiece", "prefix": "##", "cleanup": cleanup}
    ctc = lambda cleanup: {"type": "CTC", "pad_token": "<pad>", "word_delimiter_token": "|", "cleanup": cleanup}
    join = lambda *parts: sequence("decoders", *parts)
    fallback, fuse = {"type": "ByteFallback"}, {"type": "Fuse"}
    strip = lambda start, stop: {"type": "Strip", "content": " ", "start": start, "stop": stop}
    return {
        "none": None,
        "ByteLevel": BYTES,
        "WordPiece": word_piece(False),
        "WordPiece cleanup": word_piece(True),
        "Metaspace always": metaspace("always"),
        "Metaspace first": metaspace("first"),
        "Metaspace never": metaspace("never"),
        "CTC": ctc(False),
        "CTC cleanup": ctc(True),
        "BPEDecoder": {"type": "BPEDecoder", "suffix": "</w>"},
        "ByteFallback": fallback,
        "Fuse": fuse,
        "Replace": replace("\u2581", " "),
        "Replace regex": replace(r"\p{L}{2,}", "*", "Regex"),
        "Llama": join(replace("\u2581", " "), fallback, fuse, strip(1, 0)),
        "Gemma": join(replace("\u2581", " "), fallback, fuse),
        "strip ends": join(fuse, strip(2, 3)),
        "bytes and more": join(BYTES, replace("a", "b"), {"type": "BPEDecoder", "suffix": "w>"}),
    }


def added(identifier, content, **flags):
    token = dict(single_word=False, lstrip=False, rstrip=False, normalized=False, special=False)
    return dict(token, id=identifier, content=content, **flags)


ADDED = [
    added(256, "<s>", special=True),
    added(257, "[MASK]", special=True, lstrip=True),
    added(258, "Caf\u00e9", normalized=True),
    added(259, "the", normalized=True, single_word=True, rstrip=True),
    added(260, "\ufb01\u00bd", normalized=True, special=True),
    added(261, "\u2581x", normalized=True),
]


def byte_file(normalizer, stage):
    stages = [stage, MARKED] if stage else [MARKED]
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": ADDED,
        "normalizer": normalizer,
        "pre_tokenizer": sequence("pretokenizers", *stages),
        "post_processor": None,
        "decoder": BYTES,
        "model": {"type": "BPE", "vocab": {c: i for i, c in enumerate(ALPHABET)}, "merges": []},
    }


def extra_texts(source):
    """Characters that normalizers and stages treat in a way of their own."""
    interesting = [chr(c) for c in range(0x30000) if unicodedata.normalize("NFKD", chr(c)) != chr(c)]
    interesting = [c for c in interesting if not 0xD800 <= ord(c) < 0xE000]
    marks = [chr(c) for c in range(0x300, 0x20000) if unicodedata.combining(chr(c)) or unicodedata.category(chr(c))[0] == "M"]
    capitals = [chr(c) for c in range(0x20000) if chr(c).lower() != chr(c)]
    controls = [chr(c) for c in range(0x110000) if unicodedata.category(chr(c)) in ("Cc", "Cf", "Zl", "Zp")]
    jamo = [chr(c) for c in (*range(0x1100, 0x1113), *range(0x1161, 0x1176), *range(0x11A8, 0x11C3), 0xAC00, 0xAC01, 0xD7A3, 0xD7B0)]
    indic = [chr(c) for c in (0x915, 0x937, 0x94D, 0x93C, 0x200D, 0x200C, 0x93E, 0x9B0, 0x9CD, 0xA9, 0x2764, 0x1F1E6, 0x1F1E8, 0x1F468)]
    words = ["``", "''", "\r\n", "ab", "--", " - ", "\u2581", "The", "the", "a1b2", "\u0130", "\u03a3", "e\u0301", "\ufb01", "\u00bd"]
    pools = [interesting, marks, capitals, controls, jamo, indic, words, [" ", "  ", "a", "\u2581"]]
    while True:
        chosen = source.sample(pools, source.randrange(1, 4))
        yield "".join(source.choice(source.choice(chosen)) for _ in range(source.randrange(1, 12)))


def texts(count, seed):
    source = random.Random(seed)
    extra = extra_texts(source)
    contents = [token["content"] for token in ADDED]
    for text in random_texts(count, seed, contents):
        kind = source.randrange(4)
        mixed = text if kind == 0 else next(extra) if kind == 1 else text + next(extra) if kind == 2 else next(extra) + text
        yield mixed


def encoded(reference, batch):
    """Ids of texts; None for those at which the library fails."""
    try:
        return [e.ids for e in reference.encode_batch_fast(batch, add_special_tokens=False)]
    except BaseException:
        if len(batch) == 1:
            return [None]
        middle = len(batch) // 2
        return encoded(reference, batch[:middle]) + encoded(reference, batch[middle:])


def load(folder, number, file):
    """A file for `miniplm` and the reference that reads it."""
    path = os.path.join(folder, f"{number}.json")
    with open(path, "w", encoding="utf-8") as out:
        json.dump(file, out)
    return path, Tokenizer.from_file(path)


def compare_ids(options, name, path, reference, batch):
    """How many texts were compared, and how many differ."""
    different = compared = 0
    wanted = encoded(reference, batch)
    for text, want, have in zip(batch, wanted, ours(options.miniplm, path, batch), strict=True):
        if want is None:
            continue
        compared += 1
        if want != have:
            different += 1
            if different <= 3:
                print(f"{name}: {text!r}\n  wanted {reference.decode(want)!r}\n  found  {reference.decode(have)!r}")
    return compared, different


TOKENS = (
    "a b the ##ing ##s . , ? ! ' n't 'm do not 's 've 're </w> x</w> \u2581 \u2581the \u2581\u2581 \u2581. <pad> | <0x0A> <0x41> "
    "<0xE2> <0x82> <0xAC> <0xFF> <0x+1> <0x-1> <0xG0> <0x4> \u0120a \u010a \u00e2 \u0124 \u00ac \u00c3 \u00a9 \u65e5 \u00e9 \U0001f600 [CLS] "
    "don't it's ##. ##</w> \u0120\u0120 \" ( ) " + " ".join(f"<0x{b:02X}>" for b in range(0x80, 0xC4))
).split(" ")
TOKENS = list(dict.fromkeys(t for t in TOKENS if t)) + [" ", "  ", " a", " n't", " do not", "a ", " ' ", " .", "a\u0120 b"]


def decoder_file(decoder):
    tokens = [added(len(TOKENS), "<s>", special=True), added(len(TOKENS) + 1, "Caf\u00e9 x"), added(len(TOKENS) + 2, "<0x20>")]
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": tokens,
        "normalizer": None,
        "pre_tokenizer": MARKED,
        "post_processor": None,
        "decoder": decoder,
        "model": {"type": "BPE", "vocab": {token: index for index, token in enumerate(TOKENS)}, "merges": []},
    }


def compare_texts(options, name, path, reference, batch):
    different = compared = 0
    for skip in (False, True):
        part = batch[skip::2]
        command = [options.miniplm, "tokenizer", "decode", path, *(["--skip-special-tokens"] if skip else [])]
        lines = "".join(json.dumps(ids) + "\n" for ids in part)
        output = subprocess.run(command, input=lines, capture_output=True, text=True, check=True).stdout
        for ids, line in zip(part, output.split("\n")[:-1], strict=True):
            try:
                want = reference.decode(ids, skip_special_tokens=skip)
            except BaseException:
                # Strip panics on tokens that are shorter than what it takes off.
                continue
            compared += 1
            if want != json.loads(line):
                different += 1
                if different <= 3:
                    tokens = [reference.id_to_token(i) for i in ids]
                    print(f"{name}: {tokens}\n  wanted {want!r}\n  found  {json.loads(line)!r}")
    return compared, different


def id_lists(count, seed):
    source = random.Random(seed)
    size = len(TOKENS) + 5
    for _ in range(count):
        yield [source.randrange(size) for _ in range(source.randrange(0, 14))]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--miniplm", default=".build/release/miniplm")
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--batch", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    jobs = [("normalizer " + n, compare_ids, byte_file(k, None)) for n, k in normalizer_kinds().items()]
    jobs += [("pre-tokenizer " + n, compare_ids, byte_file(*k)) for n, k in pre_tokenizer_kinds().items()]
    jobs += [("decoder " + n, compare_texts, decoder_file(k)) for n, k in decoder_kinds().items()]
    jobs = [job for job in jobs if options.only in job[0]]
    totals = [[0, 0] for _ in jobs]
    with tempfile.TemporaryDirectory() as folder:
        loaded = [load(folder, number, file) for number, (_, _, file) in enumerate(jobs)]
        sources = {compare_ids: texts(options.count, options.seed), compare_texts: id_lists(options.count, options.seed)}
        for _ in range(0, options.count, options.batch):
            batches = {kind: [item for _, item in zip(range(options.batch), source)] for kind, source in sources.items()}
            for (name, compare, _), (path, reference), total in zip(jobs, loaded, totals):
                for place, number in enumerate(compare(options, name, path, reference, batches[compare])):
                    total[place] += number
    for (name, _, _), (compared, different) in zip(jobs, totals):
        print(f"{name}: {compared} compared, {different} different", flush=True)
    sys.exit(any(different for _, different in totals))


if __name__ == "__main__":
    main()
