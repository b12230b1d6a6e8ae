#!/usr/bin/env python3
"""Writes Tests/TokenizersTests/Fixtures: cut-down tokenizers and the ids that Hugging Face's
`tokenizers` gives for golden texts.

FOLDER holds qwen2, gpt2, llama-bpe, gpt-neox-20b, falcon and smollm2, each with the full
tokenizer.json; a fixture keeps its stages, its added tokens and its first merges.

    pip install tokenizers==0.23.3
    python scripts/make_tokenizer_fixtures.py FOLDER
"""
import json
import pathlib
import random
import sys
import unicodedata

from tokenizers import Tokenizer, pre_tokenizers

TARGET = pathlib.Path(__file__).parent.parent / "Tests/TokenizersTests/Fixtures"
NAMES = ["qwen2", "gpt2", "llama-bpe", "gpt-neox-20b", "falcon", "smollm2"]
MERGES = 1500
BYTE_LEVEL = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
WORDS = dict(BYTE_LEVEL, use_regex=True)


def cut_down(folder, name):
    """The tokenizer with its first merges only, its ids closed up."""
    file = json.loads((folder / name / "tokenizer.json").read_text())
    model = file["model"]
    added = file["added_tokens"][:40]
    contents = {token["content"] for token in added}
    merges = [m.split(" ") if isinstance(m, str) else m for m in model["merges"]][:MERGES]
    alphabet = set(pre_tokenizers.ByteLevel.alphabet())
    kept = alphabet | {part for l, r in merges for part in (l, r, l + r)} | (contents & set(model["vocab"]))
    if name == "falcon":
        # The real file lists its added tokens in the vocabulary too.
        kept |= contents
        model["vocab"].update({token["content"]: token["id"] for token in added})
    if name == "llama-bpe":
        # Words that merges do not reach, for ignore_merges.
        longest = sorted(model["vocab"], key=lambda t: (-len(t), t))
        kept |= {t for t in longest[::2000] if len(t) < 30} | {"Ġantidisestablishment", "ĠHello", "Ġworlds"} & set(model["vocab"])
    tokens = sorted(kept & set(model["vocab"]), key=model["vocab"].get)
    model["vocab"] = {token: index for index, token in enumerate(tokens)}
    # Both forms of merges occur in the wild.
    model["merges"] = [" ".join(m) for m in merges] if name in ("gpt2", "falcon") else merges
    for token in added:
        outside = len(tokens) + sum(t["content"] not in model["vocab"] for t in added[: added.index(token)])
        token["id"] = model["vocab"].get(token["content"], outside)
    file["added_tokens"] = added
    if name == "llama-bpe":
        begin = added[0]["content"]
        file["post_processor"] = {
            "type": "Sequence",
            "processors": [
                BYTE_LEVEL,
                {
                    "type": "TemplateProcessing",
                    "single": [
                        {"SpecialToken": {"id": begin, "type_id": 0}},
                        {"Sequence": {"id": "A", "type_id": 0}},
                    ],
                    "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
                    "special_tokens": {begin: {"id": begin, "ids": [added[0]["id"]], "tokens": [begin]}},
                },
            ],
        }
    return file


def added(content, **flags):
    token = dict(single_word=False, lstrip=False, rstrip=False, normalized=False, special=False)
    return dict(token, content=content, **flags)


def split(pattern, behavior, invert=False, kind="String"):
    return {"type": "Split", "pattern": {kind: pattern}, "behavior": behavior, "invert": invert}


def sequence(*stages):
    return {"type": "Sequence", "pretokenizers": list(stages)}


def variants():
    """Parts of a tokenizer.json that the published ones use little, by name of the case."""
    result = {}
    for behavior in ["Isolated", "Removed", "MergedWithPrevious", "MergedWithNext", "Contiguous"]:
        for invert in [False, True]:
            suffix = behavior + (" inverted" if invert else "")
            result["literal " + suffix] = sequence(split("a", behavior, invert), BYTE_LEVEL)
            result["literal of two " + suffix] = sequence(split("é ", behavior, invert), WORDS)
            result["numbers " + suffix] = sequence(split(r"\p{N}{1,3}", behavior, invert, "Regex"), WORDS)
            result["spaces " + suffix] = sequence(split(r"\s+", behavior, invert, "Regex"), BYTE_LEVEL)
        result["punctuation " + behavior] = sequence({"type": "Punctuation", "behavior": behavior}, WORDS)
        result["punctuation after bytes " + behavior] = sequence(
            WORDS, {"type": "Punctuation", "behavior": behavior}
        )
    for single in [False, True]:
        result[f"digits {single}"] = sequence({"type": "Digits", "individual_digits": single}, BYTE_LEVEL)
        result[f"digits after bytes {single}"] = sequence(
            BYTE_LEVEL, {"type": "Digits", "individual_digits": single}
        )
    for name, pattern in PATTERNS.items():
        expression = split(pattern, "Isolated", kind="Regex")
        result["expression " + name] = sequence(expression, BYTE_LEVEL)
    result["expression after bytes"] = sequence(WORDS, split(PATTERNS["o200k"], "Removed", kind="Regex"))
    result["whitespace"] = sequence({"type": "Whitespace"}, BYTE_LEVEL)
    result["whitespace split"] = sequence({"type": "WhitespaceSplit"}, BYTE_LEVEL)
    result["prefix space"] = dict(WORDS, add_prefix_space=True)
    result["prefix space without words"] = dict(BYTE_LEVEL, add_prefix_space=True)
    result["prefix space on pieces"] = sequence(
        {"type": "Punctuation", "behavior": "Isolated"}, dict(WORDS, add_prefix_space=True),
        {"type": "Digits", "individual_digits": True},
    )
    result = {name: {"pre_tokenizer": stage} for name, stage in result.items()}
    marks = ["<mark>", "the", "  ", "\u212b", "e\u0301x", "<mark>2", " x", "né", "!"]
    for flag in ["lstrip", "rstrip", "single_word", "normalized", "special"]:
        for normalizer in [None, {"type": "NFC"}]:
            tokens = [added(mark, **{flag: True}) for mark in marks]
            result[f"added tokens {flag} {'NFC' if normalizer else 'raw'}"] = {
                "added_tokens": tokens, "normalizer": normalizer, "pre_tokenizer": WORDS,
            }
    every = [added(mark, lstrip=True, rstrip=True, normalized=k % 2 == 0) for k, mark in enumerate(marks)]
    result["added tokens strip both"] = {"added_tokens": every, "pre_tokenizer": WORDS}
    for fuse in [False, True]:
        result[f"unknown bytes {fuse}"] = {"pre_tokenizer": WORDS, "without": "eĠÃ", "unknown": "<unk>", "fuse": fuse}
    result["missing bytes"] = {"pre_tokenizer": WORDS, "without": "eĠÃ", "unknown": None, "fuse": False}
    result["normalizer sequence"] = {
        "pre_tokenizer": WORDS, "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}]},
    }
    return result


def variant(base, change):
    """`base` with the parts of `change`; unknown bytes are taken out of its vocabulary."""
    file = json.loads(json.dumps(base))
    model = file["model"]
    # A few hundred merges show the cuts as well as many.
    merges = [m.split(" ") for m in model["merges"]][:200]
    kept = set(pre_tokenizers.ByteLevel.alphabet()) - set(change.get("without", ""))
    merges = [m for m in merges if m[0] in kept and m[1] in kept and (kept.add("".join(m)) or True)]
    vocab = sorted(kept, key=model["vocab"].get)
    if change.get("unknown"):
        vocab.append(change["unknown"])
        model["unk_token"] = change["unknown"]
        model["fuse_unk"] = change["fuse"]
    model["vocab"] = {token: index for index, token in enumerate(vocab)}
    model["merges"] = [" ".join(m) for m in merges]
    file["pre_tokenizer"] = change["pre_tokenizer"]
    file["normalizer"] = change.get("normalizer")
    file["added_tokens"] = []
    for token in change.get("added_tokens", []):
        known = len(vocab) + sum(t["content"] not in model["vocab"] for t in file["added_tokens"])
        file["added_tokens"].append(dict(token, id=model["vocab"].get(token["content"], known)))
    return file


# Patterns that no hand-written scanner serves, from tokenizers in use and for each construct.
CASED = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
ENDING = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
PATTERNS = {
    "o200k": rf"[^\r\n\p{{L}}\p{{N}}]?{CASED[0]}*{CASED[1]}+{ENDING}|[^\r\n\p{{L}}\p{{N}}]?{CASED[0]}+{CASED[1]}*{ENDING}"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "DeepSeek": r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{Po}\p{Sm}]?[\p{L}\p{M}]+"
    r"| ?[\p{Po}\p{Sm}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "ranges": r"[一-龥぀-ゟ゠-ヿ]+",
    "lookahead": r"\d{1,3}(?=(?:\d{3})*(?!\d))",
    "loops": r"a+?b|'.*?'|\s{2,4}|(?:ab|a)(?:bc|c)?|\p{N}{1,3}+|(?:é ?){1,2}",
    "Kimi": rf"[\p{{Han}}]+|[^\r\n\p{{L}}\p{{N}}]?[{CASED[0][1:-1]}&&[^\p{{Han}}]]*[{CASED[1][1:-1]}&&[^\p{{Han}}]]+{ENDING}"
    rf"|[^\r\n\p{{L}}\p{{N}}]?[{CASED[0][1:-1]}&&[^\p{{Han}}]]+[{CASED[1][1:-1]}&&[^\p{{Han}}]]*{ENDING}"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "DeepSeek V3": r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"
    r"| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "anchors": r"^\s+|\s+$|\bx|\w+\b|\W\B|\A.|.\z|\n\Z",
    "lookbehind": r"(?<=a)b+|(?<!\d)\d{2}|(?<![a-z\s])[a-z]|(?<=\s|!)!",
    "atomic": r"(?>a+)b|(?:ab|a)++c|(?>x|xy)z|(?=(?:\d{3})+(?!\d))\d|(?!ab)a",
    "POSIX": r"[[:alpha:]]+|[[:digit:][:punct:]]+|[^[:space:]a-f&&[^0-9]]|[[:^print:]]|[\w!]+",
    "options": r"(?:(?i)the|he)|(?-i:Q)u|(?m:x.y)|a{,2}b|b{2,3}?|\h\x41|\x{e9}\u0301",
    "threes": r"\p{N}{1,3}(?=(?:\p{N}{3})*(?:\P{N}|$))",
    "runs": r"a+b|a|(?:!!)+\?|\s+\S",
    "classes": r"[^a-z\d\s]+|\D\d|[\p{^L}x]{2}|(?i:k+s)|x++.y",
}

EDGES = [
    "", " ", "  ", "\n", "\r\n", "\t", "a", " a", "a ", "   a", "a   b", "a\n\n\nb", "a \n b", "a\r\n\r\nb",
    "\n\n  indented\n\tmore \n", " \n \n", "x \u00a0y\u3000z\u2028w\u0085v", "\u00a0\u00a0a", "\u200b\u200bzero\u200dwidth\ufeff",
    "I'm you're we'll they've he'd it's don't", "I'M YOU'RE WE'LL THEY'VE HE'D IT'S DON'T", "'s 'S '\u017f 'lL 'x ''s",
    "1 12 123 1234 12345 1234567890", "3.14159 1,000,000 0xFF 1e-9", "٣٤٥ १२३ ๔๕ Ⅷ ½ ² ①", "a1b22c333d4444",
    "Hello, world! How are you?", "foo(bar)[baz]{qux}<quux>", "!!!??? --- ... ///", "#include <stdio.h>\nint main() { return 0; }\n",
    "def f(x):\n    return x ** 2  # square\n\n\nclass A:\n\tpass\n", "http://example.org/a?b=c&d=%20#e", "snake_case camelCase kebab-case",
    "日本語のテキストです。", "中文分词测试，没有空格。", "한국어 문장입니다", "\u1112\u1161\u11ab\u1100\u1173\u11af", "Привет, как дела?", "שָׁלוֹם עוֹלָם",
    "مرحبا بالعالم ١٢٣", "สวัสดีชาวโลก", "नमस्ते दुनिया", "Ελληνικά και άλλα", "Xin chào thế giới", "ﬁ ﬂ ﬆ Å Ω", "e\u0301 é a\u0323\u0302 ậ \u0344 \u0958",
    "\u0301leading mark", "q\u0307\u0323 q\u0323\u0307", "😀👍🏽👨‍👩‍👧‍👦🇩🇪", "a😀b 😀 c", "\u0000\u0001\u0002\u001f\u007f\u0080\u009f",
    "\ufffd\ufffe\U0010ffff\ue000", "🯰🯱 𝟘𝟙 𝒳𝓎 𐐷", "…–—“quoted”‘x’«y»", "<|endoftext|>", "a<|endoftext|>b", " <|endoftext|> \n<|im_start|>user\nhi<|im_end|>",
    "<|begin_of_text|>x<|end_of_text|>", ">>TITLE<< x >>ABSTRACT<<y", "<|endoftext|", "<|endoftext|><|endoftext|>", "a" * 100, "a" * 1000, " " * 200,
    "\n" * 100, "ab" * 300, "!" * 90, "日" * 80, "1" * 50, "x" + " " * 25 + "y", "A" * 7 + "b" * 9, "the the the  the", "<mark> <mark>2<mark> x né ne\u0301 \u212bthe the!",
    "the <mark>  \n the", "antidisestablishmentarianism Hello worlds", "The quick brown fox jumps over the lazy dog.",
]


def golden_texts():
    """Edge cases and random mixtures of scripts, spaces, digits and marks."""
    source = random.Random(20)
    parts = [text for text in EDGES if 0 < len(text) < 30] + list("aeou éü'\n\t .,;1289٣²") + ["\u0301", "\u0323", "\u05b0"]
    texts = list(EDGES)
    for _ in range(120):
        chosen = source.sample(parts, source.randrange(2, 9))
        texts.append("".join(source.choice(chosen) for _ in range(source.randrange(3, 14))))
    blocks = [0x20, 0xA0, 0x300, 0x5D0, 0x620, 0x900, 0xE00, 0x1100, 0x2000, 0x3040, 0x4E00, 0x1F600, 0x1D7C0]
    for _ in range(60):
        start = source.choice(blocks)
        letters = (chr(start + source.randrange(96)) for _ in range(20))
        texts.append(unicodedata.normalize(source.choice(["NFD", "NFC"]), "".join(letters)))
    return texts


def golden(file, texts):
    """Ids of every text, as lists written without spaces."""
    tokenizer = Tokenizer.from_str(json.dumps(file))
    return [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]


def write(name, value):
    (TARGET / name).write_text(json.dumps(value, ensure_ascii=True, separators=(",", ":")) + "\n")


def main():
    folder = pathlib.Path(sys.argv[1])
    TARGET.mkdir(parents=True, exist_ok=True)
    texts = golden_texts()
    write("texts.json", texts)
    for name in NAMES:
        file = cut_down(folder, name)
        write(f"{name}.tokenizer.json", file)
        tokenizer = Tokenizer.from_str(json.dumps(file))
        ids = golden(file, texts)
        special = [tokenizer.encode(text).ids for text in texts[:20]]
        decoded = [tokenizer.decode(line[:-1], skip_special_tokens=True) for line in ids[:90]]
        write(f"{name}.golden.json", {"ids": ids, "withSpecialTokens": special, "decodedWithoutLast": decoded})
    base = json.loads((TARGET / "gpt2.tokenizer.json").read_text())
    short = [text for text in texts if len(text) < 60][:50:2] + texts[len(EDGES) : len(EDGES) + 20]
    cases = []
    for name, change in variants().items():
        file = variant(base, change)
        # Model and stages are enough to read a tokenizer; the model is written once per kind.
        cases.append({"name": name, "file": file, "ids": golden(file, short)})
    models = []
    for case in cases:
        model = case["file"].pop("model")
        if model not in models:
            models.append(model)
        case["model"] = models.index(model)
    write("variants.json", {"texts": short, "models": models, "cases": cases})
    print("bytes in all:", sum(path.stat().st_size for path in TARGET.iterdir()))


if __name__ == "__main__":
    main()
