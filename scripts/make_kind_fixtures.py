#!/usr/bin/env python3
"""Writes Tests/TokenizersTests/Fixtures/kinds.json: a small tokenizer.json of every kind of model, and of
added tokens that need new ids, with the ids and texts that Hugging Face's `tokenizers` gives.

    pip install tokenizers==0.23.3
    python scripts/make_kind_fixtures.py
"""
import json
import pathlib

from make_tokenizer_kinds import LLAMA_DECODER, LLAMA_NORMALIZER, SPACE, added, bpe, document, from_texts, merges_of
from tokenizers import Tokenizer

FIXTURES = pathlib.Path(__file__).parent.parent / "Tests/TokenizersTests/Fixtures"
WORDS = {"type": "Whitespace"}


def llama(unigram):
    """A model in the form of Llama 2's: merges made of scores, bytes for what is missing."""
    scores = {t: s for t, s in unigram["vocab"][5:]}
    vocab = {t: i for i, t in enumerate(["<unk>", "<s>", "</s>"] + ["<0x%02X>" % b for b in range(256)] + list(scores))}
    model = bpe(vocab, merges_of(scores), unk_token="<unk>", fuse_unk=True, byte_fallback=True)
    tokens = [added(i, t) for i, t in enumerate(["<unk>", "<s>", "</s>"])]
    return document(model, LLAMA_NORMALIZER, None, LLAMA_DECODER, tokens)


def renumbered():
    """Added tokens that the library gives other ids than the file lists."""
    vocab = {"u": 0, "x": 1, "y": 7, "the": 3, "<s>": 4}
    level = {"type": "WordLevel", "unk_token": "u", "vocab": vocab}
    plain = lambda id, content, **flags: added(id, content, False, **flags)
    lists = {
        "other ids": [plain(50, "A"), plain(1, "B"), added(2, "x"), added(9, "<s>")],
        "gaps": [added(7, "y"), plain(50, "A"), plain(1, "B"), plain(2, "C"), plain(3, "D")],
        "gaps after": [plain(50, "A"), plain(1, "B"), plain(2, "C"), plain(3, "D"), added(7, "y")],
        "twice": [plain(50, "A"), added(1, "A"), plain(2, "A"), plain(3, "B"), plain(3, "B")],
        "empty": [plain(50, ""), plain(51, "B")],
        "spaces": [plain(1, " A", lstrip=True), plain(1, "B", rstrip=True), plain(3, " C"), plain(4, "D", single_word=True)],
    }
    for name, tokens in lists.items():
        yield "added tokens: " + name, document(level, None, WORDS, None, tokens)
    tokens = [plain(9, "The"), plain(10, "x y"), added(11, "A")]
    yield "added tokens: lowercase", document(level, {"type": "Lowercase"}, WORDS, None, tokens)
    pieces = {"type": "Unigram", "unk_id": 0, "vocab": [["u", 0.0], ["x", -1.0], ["x", -2.0], ["the", -3.5]], "byte_fallback": False}
    yield "added tokens: Unigram", document(pieces, None, WORDS, None, [added(1, "A"), plain(9, "B")])


def main():
    texts = [t for t in json.loads((FIXTURES / "texts.json").read_text()) if len(t) < 400]
    extra = ["x A x B y C D the THE x y z", "A", "yABCD", " A  A B  B C  D D. xD Dx", "<s> x<unk>y \u2581z", "\u2581the\u2581\u2581cat <0x41> \u2603<unk>\u2603"]
    # Few characters leave room for tokens of several; the others show what becomes of unknown ones.
    kinds = list(from_texts([t for t in texts if all(ord(c) < 0x100 for c in t)] * 3, 16))
    kinds.append(("llama", llama(dict(kinds)["unigram"]["model"])))
    kinds += renumbered()
    texts = texts[:70] + extra
    cases = []
    for name, file in kinds:
        tokenizer = Tokenizer.from_str(json.dumps(file))
        ids = [tokenizer.encode(t, add_special_tokens=False).ids for t in texts]
        decoded = [tokenizer.decode(i[:-1]) for i in ids]
        cases.append({"name": name, "file": file, "ids": ids, "decodedWithoutLast": decoded})
    with open(FIXTURES / "kinds.json", "w") as output:
        json.dump({"texts": texts, "cases": cases}, output, separators=(",", ":"))
    print(f"{len(cases)} cases, {len(texts)} texts")


if __name__ == "__main__":
    main()
