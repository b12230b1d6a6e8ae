"""Splits JSON lines of {id, source, text} into disjoint parts by document, evenly over the sources.

    split_corpus.py OUT CORPUS.jsonl... --part score=100000 --part train=300000

Each part gets at most that many characters of each source. A document goes to one part only, by the
SHA-256 of its text, so that equal texts are never in two parts. Long documents are cut.
"""

import argparse
import hashlib
import json
import os

parser = argparse.ArgumentParser()
parser.add_argument("out")
parser.add_argument("corpus", nargs="+")
parser.add_argument("--part", action="append", required=True, help="NAME=CHARACTERS of each source")
parser.add_argument("--document", type=int, default=40_000, help="most characters of a document")
options = parser.parse_args()
parts = [(name, int(size)) for name, size in (part.split("=") for part in options.part)]
weights = [size for _, size in parts]

os.makedirs(options.out, exist_ok=True)
files = {
    name: open(os.path.join(options.out, name + ".jsonl"), "w", encoding="utf-8")
    for name, _ in parts
}
for path in sorted(options.corpus):
    documents = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            digest = hashlib.sha256(record["text"].encode()).digest()
            documents[digest] = record
    taken = dict.fromkeys(files, 0)
    # In the order of the digests: a seedless shuffle that is the same everywhere.
    for digest in sorted(documents):
        record = documents[digest]
        text = record["text"][: options.document]
        place = int.from_bytes(digest[-4:], "big") / 2**32 * sum(weights)
        for (name, size), weight in zip(parts, weights):
            place -= weight
            if place < 0:
                break
        if taken[name] >= size:
            continue
        text = text[: size - taken[name]]
        taken[name] += len(text)
        files[name].write(
            json.dumps({"source": record["source"], "text": text}, ensure_ascii=False) + "\n"
        )
