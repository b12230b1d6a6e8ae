#!/usr/bin/env python3
"""Writes Sources/Tokenizers/Unicode/*Data.swift: character classes and NFC as Hugging Face's
`tokenizers` sees them.

The stages of that library lean on four Unicode tables of different age (its regular expressions,
Rust's standard library, two crates), so the sets are probed from the library itself rather than
taken from one Unicode version.

    pip install tokenizers==0.23.3
    python scripts/make_unicode_tables.py
"""
import pathlib
import textwrap
import unicodedata

from tokenizers import Regex, __version__, normalizers, pre_tokenizers

TARGET = pathlib.Path(__file__).parent.parent / "Sources/Tokenizers/Unicode"
SCALARS = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000]
LETTER, NUMBER, SPACE, NUMERIC, PUNCTUATION, WORD, MARK, UNSTABLE = (1 << k for k in range(8))


def removed_by(pre_tokenizer):
    """Characters that a pre-tokenizer with behaviour "removed" drops."""
    dropped = set()
    for start in range(0, len(SCALARS), 4096):
        block = SCALARS[start : start + 4096]
        pieces = pre_tokenizer.pre_tokenize_str("".join(block))
        dropped |= set(block) - set("".join(piece for piece, _ in pieces))
    return dropped


def matched_by(pattern):
    return removed_by(pre_tokenizers.Split(Regex(pattern), "removed"))


def alone_after(pre_tokenizer):
    """Characters that stand alone between two letters after a pre-tokenizer."""
    alone = set()
    for start in range(0, len(SCALARS), 2048):
        text = "x" + "xx".join(SCALARS[start : start + 2048]) + "x"
        alone |= {piece for piece, _ in pre_tokenizer.pre_tokenize_str(text) if len(piece) == 1}
    return alone - {"x"}


def canonical_pairs():
    """Canonical decompositions in one step that the library follows."""
    nfd, pairs = normalizers.NFD(), {}
    for c in SCALARS:
        parts = unicodedata.decomposition(c).split()
        if not parts or parts[0].startswith("<") or nfd.normalize_str(c) == c:
            continue
        pairs[c] = [chr(int(part, 16)) for part in parts]
    return pairs


def combining_classes():
    """Combining classes of the characters that the library reorders."""
    nfd, classes = normalizers.NFD(), {}
    for c in SCALARS:
        value = unicodedata.combining(c)
        # A class is known to the library when one neighbour of a lower or higher class moves.
        probes = ["a" + c + "\u0334", "a\u0345" + c, "a\u0301" + c, "a" + c + "\u0323"]
        agrees = all(nfd.normalize_str(p) == unicodedata.normalize("NFD", p) for p in probes)
        if value and agrees:
            classes[c] = value
    return classes


def write(name, documentation, members):
    lines = [
        f"// Made by scripts/make_unicode_tables.py from tokenizers {__version__}: do not edit.",
        "",
        f"/// {documentation}",
        f"enum {name} {{",
    ]
    for member, (text, summary) in members.items():
        lines += [f"  /// {summary}", f'  static let {member}: StaticString = """']
        lines += ["    " + line for line in textwrap.wrap(text, 94)]
        lines += ['    """', ""]
    lines[-1] = "}"
    (TARGET / f"{name}.swift").write_text("\n".join(lines) + "\n")


def main():
    pairs, classes = canonical_pairs(), combining_classes()
    nfc = normalizers.NFC()
    excluded = {c for c in pairs if nfc.normalize_str(c) != c}
    seconds = {parts[1] for c, parts in pairs.items() if c not in excluded}
    vowels_and_tails = {chr(c) for c in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))}
    bits = {
        LETTER: matched_by(r"\p{L}"),
        NUMBER: matched_by(r"\p{N}"),
        SPACE: matched_by(r"\s"),
        NUMERIC: alone_after(pre_tokenizers.Digits(individual_digits=True)),
        PUNCTUATION: removed_by(pre_tokenizers.Punctuation("removed")),
        WORD: word_characters(),
        MARK: matched_by(r"\p{M}"),
        UNSTABLE: excluded | seconds | set(classes) | vowels_and_tails,
    }
    values = [0] * 0x110000
    for bit, characters in bits.items():
        for c in characters:
            values[ord(c)] |= bit
    runs, previous = [], 0
    for scalar, value in enumerate(values):
        if value != previous:
            runs.append(f"{scalar:x}:{value:x}")
            previous = value
    write(
        "ScalarClassData",
        "Character classes of all Unicode scalars, see `ScalarClass`.",
        {"runs": (" ".join(runs), "`start:class` in hexadecimal; a class holds to the next start.")},
    )
    write(
        "CanonicalData",
        "What NFC needs: canonical decompositions and combining classes.",
        {
            "decompositions": (
                " ".join(":".join(f"{ord(x):x}" for x in (c, *parts)) for c, parts in pairs.items()),
                "`scalar:first` or `scalar:first:second`, one step each, in hexadecimal.",
            ),
            "compositionExclusions": (
                " ".join(f"{ord(c):x}" for c in sorted(excluded) if len(pairs[c]) == 2),
                "Scalars with two parts that composition never makes.",
            ),
            "combiningClasses": (
                " ".join(f"{ord(c):x}:{value:x}" for c, value in classes.items()),
                "`scalar:class` of every scalar whose class is not zero, in hexadecimal.",
            ),
        },
    )


def word_characters():
    """`\\w` of Rust's regex crate: what the Whitespace pre-tokenizer keeps in one piece with a letter."""
    words = set()
    spaces = removed_by(pre_tokenizers.WhitespaceSplit())
    split = pre_tokenizers.Whitespace()
    for start in range(0, len(SCALARS), 2048):
        block = [c for c in SCALARS[start : start + 2048] if c not in spaces]
        text = " ".join("x" + c for c in block)
        words |= {piece[1] for piece, _ in split.pre_tokenize_str(text) if len(piece) == 2 and piece[0] == "x"}
    return words


if __name__ == "__main__":
    main()
