#!/usr/bin/env python3
"""Writes Tests/CorpusTests/Fixtures/packing.json: chunks that a plain reading of the packing rule gives.

The rule is MiniPLM's (tokenize_pile.py), written again here in the simplest way from its
description: token texts are joined and searched for a space, buffers are lists, documents of tokens
are tracked one by one. The Swift packer must give the same chunks. Standard library only.
usage: make_shard_fixtures.py [OUTPUT]
"""
import json
import os
import random
import sys

TEXTS = ["a", "b", " c", " d", "ef", "  ", ".", ". ", " .", ".\n", "\n", "\n\n", "!", "?\"", ";",
         "(.", "(.)", "[!", "<;>", "\\.", "\\{.", "\u00e9", "3", "<eos>", "<bos>"]
EOS, BOS = 23, 24


def sentence_end(text):
    if not any(c in text for c in ".!?;\n"):
        return False
    for opener, closer in ("[", "]"), ("(", ")"), ("<", ">"), ("\\", "{"):
        if opener in text and closer not in text:
            return False
    return True


ENDS = [i for i, t in enumerate(TEXTS) if i not in (EOS, BOS) and sentence_end(t)] + [EOS]


def pack(documents, max_length, bos, limit, flush):
    room = max_length - (1 if bos else 0)
    buffers, chunks = {}, []

    def emit(source, items):
        tokens = [t for t, _ in items]
        pieces = []
        for position, (_, document) in enumerate(items):
            if not pieces or pieces[-1][0] != document:
                pieces.append([document, position + (1 if bos and position else 0)])
        chunks.append({"source": source, "tokens": ([BOS] if bos else []) + tokens, "pieces": pieces})

    for number, (source, tokens) in enumerate(documents):
        buffer = buffers.setdefault(source, [])
        buffer.extend((t, number) for t in tokens + [EOS])
        emitted = 0
        while len(buffer) >= room:
            taken, rest = buffer[:room], buffer[room:]
            ids = [t for t, _ in taken]
            cut = room
            for i in range(room - 1, -1, -1):
                following = ids[i + 1] if i + 1 < room else rest[0][0] if rest else None
                if ids[i] == EOS:
                    found = True
                elif ids[i] not in ENDS:
                    found = False
                elif "\n" in TEXTS[ids[i]]:
                    found = True
                else:
                    found = following is None or " " in TEXTS[ids[i]] + TEXTS[following]
                if found:
                    cut = i + 1
                    break
            buffer[:] = taken[cut:] + rest
            if cut + (1 if bos else 0) > 1:
                if limit is not None and emitted == limit:
                    buffer.clear()
                    break
                emit(source, taken[:cut])
                emitted += 1
    if flush:
        for source in sorted(buffers):
            if buffers[source] and len(buffers[source]) + (1 if bos else 0) > 1:
                emit(source, buffers[source])
    return chunks


def main():
    generator = random.Random(20)
    cases = []
    for max_length, bos, limit, flush, plain in [
            (9, False, 2000, False, 0.5), (9, True, 2000, False, 0.5), (16, False, 2000, True, 0.8),
            (16, True, None, True, 0.95), (3, False, 4, False, 0.6), (12, False, 2, True, 0.7),
            (2, False, None, True, 0.3), (25, False, 2000, True, 1.0)]:
        documents = []
        for _ in range(40):
            length = generator.choice([0, 1, 2, 5, 8, 9, 15, 16, 30, 60])
            tokens = [generator.choice([0, 1, 2, 3, 4, 21, 22]) if generator.random() < plain
                      else generator.randrange(len(TEXTS) - 2) for _ in range(length)]
            documents.append([generator.randrange(3), tokens])
        cases.append({"maximum_length": max_length, "bos": bos, "limit": limit, "flush": flush,
                      "documents": documents,
                      "chunks": pack(documents, max_length, bos, limit, flush)})
    fixture = {"texts": TEXTS, "eos": EOS, "bos": BOS, "sentence_ends": ENDS, "cases": cases}
    here = os.path.dirname(os.path.abspath(__file__))
    path = sys.argv[1] if len(sys.argv) > 1 else os.path.join(
        here, "..", "Tests", "CorpusTests", "Fixtures", "packing.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(fixture, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
