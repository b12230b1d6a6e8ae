#!/usr/bin/env python3
"""Compares random regular expressions of `miniplm tokenizer` with those of Hugging Face's `tokenizers`: as
Split stages of all behaviours, and as Replace normalizers. Patterns have sets in sets, groups, loops of all
kinds, lookahead, lookbehind, empty matches and letters that are the same without regard to case.

    pip install tokenizers==0.23.3
    python scripts/fuzz_patterns.py [--miniplm PATH] [--count 1000] [--seed 1]

Patterns that either side refuses are counted; so are texts at which the library fails.
"""
import argparse
import collections
import json
import os
import random
import subprocess
import sys
import tempfile

from fuzz_stages import byte_file
from tokenizers import Regex, Tokenizer

LETTERS = list("abABsSkftiéÉσςß12 \n-日") + ["ſ", "\u212a", "ﬁ", "İ", "ss", "SS", "fi", "FI", "ffi", "ﬃ", "st", "ﬆ", "i̇", "ẞ"]
ROWS = ["a", "b", "s", "s", "S", "ß", "f", "f", "i", "k", "é", "ﬁ", "σ", "1", " ", "A", "ſ", "t"]
BEHAVIORS = ["Isolated", "Removed", "MergedWithPrevious", "MergedWithNext", "Contiguous"]


class Patterns:
    def __init__(self, source):
        self.source = source

    def bracket(self, depth=0):
        source, items = self.source, []
        for _ in range(source.randrange(1, 4)):
            kind = source.randrange(10)
            if kind < 4:
                items.append(source.choice(["a", "b", "B", "s", "ß", "é", "É", "k", "ﬁ", "İ", "1", "日", "\\n", " "]))
            elif kind < 6:
                items.append(source.choice(["a-c", "A-Z", "à-ü", "0-9", "α-ω", "ﬀ-ﬆ", "А-я"]))
            elif kind < 8:
                items.append(source.choice(["\\w", "\\d", "\\s", "\\p{L}", "\\p{Lu}", "\\p{Ll}", "\\W", "\\S", "\\p{N}", "\\p{P}", "\\h"]))
            elif kind < 9 and depth < 2:
                items.append(self.bracket(depth + 1))
            else:
                items.append("&&" + source.choice(["[^k]", "[a-z]", "\\p{L}"]))
        body = "".join(items)
        return "[" + ("^" if source.random() < 0.3 else "") + ("a" if body.startswith("&&") else "") + body + "]"

    def atom(self, depth, behind):
        source, kind = self.source, self.source.randrange(20)
        if kind < 9:
            return "".join(source.choice(ROWS) for _ in range(source.choice((1, 1, 2, 3))))
        if kind < 12:
            return self.bracket()
        if kind < 13:
            return source.choice([".", "\\w", "\\d", "\\s", "\\p{L}", "\\p{Lu}", "\\P{L}", "\\S", "\\R", "\\N", "\\x{df}", "\\x73", "\\u0073"])
        if kind < 14:
            return source.choice(["^", "$", "\\b", "\\B", "\\A", "\\z", "\\Z"])
        if depth > 2:
            return "a"
        if kind < 16 or behind:
            name = f"(?<n{source.randrange(99)}>"
            return source.choice(["(?:", "(?:", "(", "(?i:", name, "(?-i:"]) + self.alternatives(depth + 1, behind) + ")"
        if kind < 17:
            return source.choice(["(?=", "(?!"]) + self.alternatives(depth + 1, False) + ")"
        if kind < 19:
            return source.choice(["(?<=", "(?<!"]) + self.alternatives(depth + 1, True) + ")"
        return source.choice(["(?>" + self.alternatives(depth + 1, False) + ")", "(?#c)", "(?i)", "(?x: a s )", "(?m:.)"])

    def piece(self, depth, behind):
        source, atom = self.source, self.atom(depth, behind)
        if atom.startswith(("^", "$", "\\b", "\\B", "\\A", "\\z", "\\Z", "(?=", "(?!", "(?<=", "(?<!", "(?#", "(?i)")) or source.random() < 0.55:
            return atom
        if len(atom) > 1 and atom[0] not in "[(\\." and source.random() < 0.5:
            atom = f"(?:{atom})"
        loops = ["*", "+", "?", "{2}", "{1,3}", "{2,}", "{,2}", "*?", "+?", "??", "{3,1}", "{2}?"]
        return atom + source.choice(loops + ([] if behind else ["++", "*+", "?+", "{2}+"]))

    def alternatives(self, depth=0, behind=False):
        source = self.source
        rows = ["".join(self.piece(depth, behind) for _ in range(source.choice((1, 1, 2, 2, 3)))) for _ in range(source.choice((1, 1, 1, 2, 3)))]
        return "|".join(rows) + ("|" if source.random() < 0.05 else "")


def accepts(pattern):
    try:
        Regex(pattern)
        return True
    except BaseException:
        return False


def expected(reference, text):
    try:
        return reference.encode(text, add_special_tokens=False).ids
    except BaseException:
        return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--miniplm", default=".build/release/miniplm")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    source, counts = random.Random(options.seed), collections.Counter()
    patterns = Patterns(source)
    with tempfile.TemporaryDirectory() as folder:
        path, lines = os.path.join(folder, "tokenizer.json"), os.path.join(folder, "texts.jsonl")
        for number in range(options.count):
            pattern = ("(?i)" if source.random() < 0.45 else "") + patterns.alternatives()
            if number % 3 < 2:
                behavior, invert = BEHAVIORS[number % 5], source.random() < 0.2
                file = byte_file(None, {"type": "Split", "pattern": {"Regex": pattern}, "behavior": behavior, "invert": invert})
            else:
                file = byte_file({"type": "Replace", "pattern": {"Regex": pattern}, "content": source.choice(["|", "", "xy"])}, None)
            file["added_tokens"] = []
            texts = ["".join(source.choice(LETTERS) for _ in range(source.randrange(1, 14))) for _ in range(60)]
            with open(path, "w") as out:
                json.dump(file, out)
            with open(lines, "w") as out:
                out.writelines(json.dumps({"text": text}) + "\n" for text in texts)
            command = [options.miniplm, "tokenizer", "encode", path, "--jsonl", lines]
            result = subprocess.run(command, capture_output=True, text=True, timeout=120)
            if not accepts(pattern):
                counts["refused by the library"] += 1
            elif result.returncode == 3:
                counts["refused here"] += 1
            else:
                reference = Tokenizer.from_file(path)
                wanted = [expected(reference, text) for text in texts]
                counts["texts at which the library fails"] += wanted.count(None)
                found = [json.loads(line) for line in result.stdout.splitlines()] or [[]] * len(texts)
                wrong = [pair for pair in zip(texts, wanted, found, strict=True) if pair[1] is not None and pair[1] != pair[2]]
                counts["different" if wrong else "same"] += 1
                for text, want, have in wrong[:1]:
                    print(f"{pattern!r} on {text!r}\n  wanted {reference.decode(want)!r}\n  found  {reference.decode(have)!r}")
    print(dict(counts))
    sys.exit(counts["different"] != 0)


if __name__ == "__main__":
    main()
