#!/usr/bin/env python3
"""Writes the tables of Sources/Tokenizers/Unicode that normalizers and UnicodeScripts need, as
Hugging Face's `tokenizers` sees them.

Each part of that library leans on Unicode tables of its own age, so all sets are probed from the
library itself.

    pip install tokenizers==0.23.3
    python scripts/make_normalizer_tables.py
"""
import unicodedata

from charsmap import compiled
from make_unicode_tables import SCALARS, runs, write
from tokenizers import normalizers, pre_tokenizers

STARTS = "Where it begins and ends to hold, in hexadecimal."


def dropped_by(normalizer):
    """Characters of which a normalizer leaves nothing."""
    dropped = set()
    for start in range(0, len(SCALARS), 4096):
        block = SCALARS[start : start + 4096]
        dropped |= set(block) - set(normalizer.normalize_str("".join(block)))
    return {c for c in dropped if not normalizer.normalize_str("x" + c + "x").strip("x")}


def flags(characters):
    values = [0] * 0x110000
    for c in characters:
        values[ord(c)] = 1
    return runs(values)


def joined(rows):
    return " ".join(":".join(f"{number:x}" for number in row) for row in rows)


def case_data():
    lower = normalizers.Lowercase()
    rows, mapped = [], [(ord(c), [ord(x) for x in lower.normalize_str(c)]) for c in SCALARS]
    for scalar, result in mapped:
        if result != [scalar]:
            rows.append([scalar, *result])
    write(
        "LowercaseData",
        "Lower case of single characters, without regard to what stands around them.",
        {"mappings": (joined(rows), "`scalar:lower` or `scalar:lower:second`, in hexadecimal.")},
    )


def set_data():
    bert = lambda **on: normalizers.BertNormalizer(
        **dict(dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False), **on)
    )
    accents = bert(strip_accents=True)
    nfd = normalizers.NFD()
    write(
        "NormalizerSetData",
        "Characters that normalizers drop.",
        {
            "marks": (flags(dropped_by(normalizers.StripAccents())), "StripAccents drops these. " + STARTS),
            "nonspacingMarks": (
                flags(c for c in dropped_by(accents) if nfd.normalize_str(c) == c),
                "BertNormalizer drops these from decomposed text as accents. " + STARTS,
            ),
            "controls": (flags(dropped_by(bert(clean_text=True))), "BertNormalizer cleans these away. " + STARTS),
        },
    )


def compatibility_data():
    """Compatibility decompositions in full, where they are not the canonical ones."""
    nfd, nfkd = normalizers.NFD(), normalizers.NFKD()
    single, other = [], []
    for c in SCALARS:
        result = nfkd.normalize_str(c)
        if result == nfd.normalize_str(c):
            continue
        if len(result) != 1:
            other.append([ord(c), *map(ord, result)])
        elif single and single[-1][0] + single[-1][1] == ord(c) and single[-1][2] + single[-1][1] == ord(result):
            single[-1][1] += 1
        else:
            single.append([ord(c), 1, ord(result)])
    write(
        "CompatibilityData",
        "What NFKC and NFKD need beyond NFC: compatibility decompositions in full.",
        {
            "runs": (joined(single), "`scalar:count:first`: so many scalars become those from `first` on."),
            "sequences": (joined(other), "`scalar:first:second...`, in hexadecimal."),
        },
    )


class Graphemes:
    """Clusters as the Precompiled normalizer sees them.

    It replaces a cluster of less than six bytes by what its map has for the first key in it, and
    larger clusters character by character: a map that knows all characters tells clusters by length.
    """

    def __init__(self):
        self.letter = normalizers.Precompiled(compiled({"a": "X"}))
        self.all = normalizers.Precompiled(compiled({c: "X" for c in SCALARS if ord(c) < 0x10000 and c != "\0"}))

    def count(self, text):
        return len(self.all.normalize_str(text))

    def kind(self, c):
        copyright, letter = "\u00a9", "\u0915"
        if c == "\0":
            return 1
        if c == "\u200d":
            return 5
        if 0x1F1E6 <= ord(c) <= 0x1F1FF:
            return 6
        if self.letter.normalize_str("a" + c) == "X":
            linked = self.count(letter + c + letter + "\u0301") == 4
            extends = self.count(copyright + c + "\u200d" + copyright + "\u0301") == 5
            joins = self.count(letter + c + "\u094d" + letter + "\u0301") == 5
            return 9 if linked else 3 if not extends else 2 if joins else 10
        if self.count(c + "\u0301\u0302") == 2:
            return 1
        if self.count(c + "a\u0301") != 2:
            return 4
        if self.count(c + "\u200d" + copyright + "\u0301") == 4:
            return 7
        if self.count(c + "\u094d" + letter + "\u0301") == 4 and len(c.encode()) == 3:
            return 8
        return 0


def grapheme_data():
    graphemes = Graphemes()
    values = [0] * 0x110000
    for c in SCALARS:
        values[ord(c)] = graphemes.kind(c)
    for scalar in range(0xD800, 0xE000):
        values[scalar] = 1
    write(
        "GraphemeData",
        "Kinds of characters that decide where grapheme clusters end, see `GraphemeKind`.",
        {"runs": (runs(values), "`start:kind` in hexadecimal; a kind holds to the next start.")},
    )


def script_data():
    """Classes of characters that UnicodeScripts keeps in one piece; 0 joins with anything."""
    split = pre_tokenizers.UnicodeScripts().pre_tokenize_str
    values, known, last, value = [0] * 0x110000, [], None, 0
    for c in SCALARS:
        if not split(c):
            value = 0
        elif last is None or value == 0 or len(split(last + c)) != 1:
            value = next((k + 1 for k, other in enumerate(known) if len(split(other + c)) == 1), 0)
            if value == 0:
                known.append(c)
                value = len(known)
        values[ord(c)], last = value, c
    print("scripts:", len(known))
    for scalar in range(0xD800, 0xE000):
        values[scalar] = values[0xD7FF]
    write(
        "UnicodeScriptData",
        "Scripts as the UnicodeScripts stage sees them.",
        {
            "runs": (
                runs(values),
                "`start:script` in hexadecimal, numbers of its own; 0 is for those that join with any script.",
            )
        },
    )


if __name__ == "__main__":
    case_data()
    set_data()
    compatibility_data()
    grapheme_data()
    script_data()
