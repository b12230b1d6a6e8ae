#!/usr/bin/env python3
"""One measurement of a Python library on one core: a JSON line.

    peers.py tokenizer --implementation NAME --tokenizer DIR --text FILE.jsonl
    peers.py read --implementation NAME FILE.jsonl.zst
"""

import argparse
import io
import json
import os
import resource
import statistics
import time

os.environ["RAYON_NUM_THREADS"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"


def documents(path, limit):
    """Texts of a jsonl file, as many as ours takes: until `limit` bytes are reached."""
    import orjson
    texts, size = [], 0
    with open(path, "rb") as file:
        for line in file:
            if size >= limit:
                break
            text = orjson.loads(line)["text"]
            if text:
                texts.append(text)
                size += len(text.encode())
    return texts, size


def byte_of():
    """The byte that each character of a byte-level vocabulary stands for."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    table = {chr(byte): byte for byte in printable}
    table.update({chr(256 + index): byte for index, byte in enumerate(others)})
    return table


def hugging_face(folder):
    from tokenizers import Tokenizer
    tokenizer = Tokenizer.from_file(folder + "/tokenizer.json")
    return lambda text: tokenizer.encode(text, add_special_tokens=False).ids


def tiktoken(folder):
    """Only right for vocabularies whose ids are their merge ranks, as Qwen's and Llama 3's."""
    import tiktoken as library
    with open(folder + "/tokenizer.json") as file:
        content = json.load(file)
    stages = content["pre_tokenizer"].get("pretokenizers", [content["pre_tokenizer"]])
    pattern = next(
        stage["pattern"]["Regex"] for stage in stages if stage["type"] == "Split")
    table = byte_of()
    ranks = {bytes(table[character] for character in token): rank
             for token, rank in content["model"]["vocab"].items()
             if all(character in table for character in token)}
    encoding = library.Encoding(
        "file", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
    return encoding.encode_ordinary


def bpe_qwen(folder):
    import bpe_qwen as library
    return library.QwenTokenizer(folder).encode


TOKENIZERS = {"bpe-qwen": bpe_qwen, "tiktoken": tiktoken, "tokenizers": hugging_face}


def parse_with(name):
    if name == "json":
        return json.loads
    import orjson
    return orjson.loads


def read(path, parse):
    """Bytes of text in a jsonl.zst file."""
    import zstandard
    size = 0
    with open(path, "rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
        for line in io.BufferedReader(stream, 1 << 20):
            size += len(parse(line)["text"])
    return size


def decompressed_size(path):
    import zstandard
    size = 0
    with open(path, "rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
        while block := stream.read(1 << 20):
            size += len(block)
    return size


def timed(body, repeats):
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        body()
        seconds.append(time.perf_counter() - start)
    return min(seconds), statistics.median(seconds)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=["tokenizer", "read"])
    parser.add_argument("file", nargs="?")
    parser.add_argument("--implementation", required=True)
    parser.add_argument("--tokenizer")
    parser.add_argument("--text")
    parser.add_argument("--bytes", type=int, default=20_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    line = {"bench": options.kind, "library": options.implementation}
    if options.kind == "tokenizer":
        texts, size = documents(options.text, options.bytes)
        encode = TOKENIZERS[options.implementation](options.tokenizer)
        line.update(documents=len(texts), tokens=sum(len(encode(text)) for text in texts))
        best, median = timed(lambda: [encode(text) for text in texts], options.repeats)
    else:
        size = decompressed_size(options.file)
        parse = parse_with(options.implementation)
        best, median = timed(lambda: read(options.file, parse), options.repeats)
    line.update(
        bytes=size, megabytesPerSecond=size / best / 1e6,
        megabytesPerSecondMedian=size / median / 1e6,
        peakResidentBytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
    print(json.dumps(line))


if __name__ == "__main__":
    main()
