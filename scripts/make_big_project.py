#!/usr/bin/env python3
"""Makes a project of many scored chunks that takes little disk, to measure how fast it opens.

Tables of chunks, sources, documents and scores are real; the tokens lie in sparse files, all zero, and so does a second
file of weights of each model. `miniplm bench open OUTPUT/scored` measures the project, and `OUTPUT/unscored` is the same
corpus without scores, to measure while scoring goes on. About 1 GB of disk for ten million chunks.

usage: make_big_project.py MINIPLM OUTPUT [--chunks 10000000] [--bytes 50000000000] [--weights 1000000000]
needs: numpy
"""
import argparse
import hashlib
import json
import os
import struct
import subprocess

import numpy as np

SHARD_CHUNKS = 1 << 20
SAMPLES = 4096
SOURCES = ["web", "code", "books", "papers", "forums", "law"]
END_OF_TEXT = 256
DTYPES = {"u2": "U16", "i4": "I32", "i8": "I64", "f4": "F32"}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("miniplm")
    parser.add_argument("output")
    parser.add_argument("--chunks", type=int, default=10_000_000)
    parser.add_argument("--bytes", type=int, default=50_000_000_000)
    parser.add_argument("--weights", type=int, default=1_000_000_000)
    return parser.parse_args()


def write_safetensors(path, tensors, metadata):
    header, offset = {"__metadata__": metadata}, 0
    for name, values in tensors:
        header[name] = {"dtype": DTYPES[values.dtype.str[1:]], "shape": [len(values)],
                        "data_offsets": [offset, offset + values.nbytes]}
        offset += values.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for _, values in tensors:
            values.tofile(file)


def write_shards(folder, lengths, sources):
    """Shards with their labels; returns the digest that miniplm identifies the corpus by."""
    os.makedirs(folder)
    digest = hashlib.sha256()
    for number, start in enumerate(range(0, len(lengths), SHARD_CHUNKS)):
        sizes = lengths[start:start + SHARD_CHUNKS]
        places = np.zeros(len(sizes), np.int64)
        np.cumsum(sizes[:-1], dtype=np.int64, out=places[1:])
        base = f"{folder}/data_{number}"
        total = int(sizes.sum(dtype=np.int64)) * 4
        with open(base + ".bin", "wb") as file:
            file.truncate(total)
        index = (b"MMIDIDX\0\0" + struct.pack("<QBQQ", 1, 4, len(sizes), 1) + sizes.tobytes()
                 + (places * 4).tobytes() + struct.pack("<q", 0))
        with open(base + ".idx", "wb") as file:
            file.write(index)
        digest.update(struct.pack("<q", total) + index)
        # Two documents a chunk, the second from its middle.
        documents = np.arange(2 * start, 2 * (start + len(sizes)), dtype=np.int64)
        token_starts = np.zeros(2 * len(sizes), np.int32)
        token_starts[1::2] = sizes // 2
        write_safetensors(
            base + ".chunks.safetensors",
            [("source", sources[start:start + SHARD_CHUNKS]),
             ("document_start", np.arange(0, 2 * len(sizes) + 1, 2, dtype=np.int64)),
             ("document", documents), ("token_start", token_starts)],
            {"sources": json.dumps(SOURCES)})
    samples = min(len(lengths), SAMPLES)
    for sample in range(samples):
        digest.update(bytes(4 * int(lengths[sample * len(lengths) // samples])))
    return digest.hexdigest()


def write_tokenizer(folder):
    """One token for every byte, and the end of text."""
    os.makedirs(folder)
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    characters = {byte: chr(byte) for byte in printable}
    for byte in range(256):
        if byte not in characters:
            characters[byte] = chr(256 + len(characters) - len(printable))
    # Token 0 is what the sparse files are full of: a letter.
    order = [ord("a")] + [byte for byte in range(256) if byte != ord("a")]
    content = {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [{"id": END_OF_TEXT, "content": "<|endoftext|>", "single_word": False, "lstrip": False,
                          "rstrip": False, "normalized": False, "special": True}],
        "normalizer": None,
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
        "post_processor": None,
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
                  "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False,
                  "vocab": {characters[byte]: id for id, byte in enumerate(order)}, "merges": []}}
    with open(f"{folder}/tokenizer.json", "w", encoding="utf-8") as file:
        json.dump(content, file)
    with open(f"{folder}/tokenizer_config.json", "w", encoding="utf-8") as file:
        json.dump({"eos_token": "<|endoftext|>"}, file)


def write_model(miniplm, folder, tokenizer, width, layers, weights):
    """A small model, with a sparse file of weights beside its own; returns its digest."""
    config = {"architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "vocab_size": END_OF_TEXT + 1,
              "hidden_size": width, "intermediate_size": 2 * width, "num_hidden_layers": layers,
              "num_attention_heads": 2, "num_key_value_heads": 2, "max_position_embeddings": 4096,
              "rms_norm_eps": 1e-6, "rope_theta": 10000.0, "tie_word_embeddings": True, "hidden_act": "silu",
              "bos_token_id": END_OF_TEXT, "eos_token_id": END_OF_TEXT, "torch_dtype": "float32"}
    path = folder + ".config.json"
    with open(path, "w", encoding="utf-8") as file:
        json.dump(config, file)
    subprocess.run([miniplm, "new-model", path, "-o", folder, "--tokenizer", tokenizer], check=True)
    os.remove(path)
    text = json.dumps({"__metadata__": {}, "padding": {"dtype": "U8", "shape": [weights],
                                                       "data_offsets": [0, weights]}}).encode()
    text += b" " * (-len(text) % 8)
    with open(f"{folder}/padding.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + weights)
    names = sorted(name for name in os.listdir(folder) if name.endswith(".safetensors")) + ["config.json"]
    lines = ""
    for name in names:
        with open(f"{folder}/{name}", "rb") as file:
            lines += f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {name}\n"
    return hashlib.sha256(lines.encode()).hexdigest()


def write_scores(path, lengths, sources, metadata, random):
    count = len(lengths)
    teacher = (2.2 + 0.5 * random.standard_normal(count)).astype(np.float32)
    reference = (teacher + 0.3 + 0.25 * random.standard_normal(count)).astype(np.float32)
    teacher[::100_003] = np.nan
    columns = [("chunk", np.arange(count, dtype=np.int64)), ("teacher_nll", teacher), ("reference_nll", reference),
               ("tokens", lengths - 1), ("length", lengths), ("source", sources)]
    digest = hashlib.sha256()
    for _, values in columns:
        digest.update(values.tobytes())
    os.makedirs(os.path.dirname(path), exist_ok=True)
    write_safetensors(path, columns, metadata | {"sha256": digest.hexdigest(), "sources": json.dumps(SOURCES)})


def main():
    options = arguments()
    output = os.path.abspath(options.output)
    random = np.random.default_rng(10)
    mean = options.bytes // 4 // options.chunks
    lengths = random.integers(max(2, mean * 4 // 5), max(3, mean * 6 // 5), options.chunks).astype(np.int32)
    sources = np.minimum(random.geometric(0.4, options.chunks) - 1, len(SOURCES) - 1).astype(np.uint16)
    corpus = write_shards(output + "/shards", lengths, sources)
    write_tokenizer(output + "/tokenizer")
    digests = {
        role: write_model(options.miniplm, f"{output}/{role}", output + "/tokenizer", width, layers, options.weights)
        for role, width, layers in [("teacher", 32, 2), ("reference", 16, 1)]}
    for name in ["scored", "unscored"]:
        subprocess.run([options.miniplm, "init", f"{output}/{name}", "--corpus", output + "/shards",
                        "--tokenizer", output + "/tokenizer", "--teacher", output + "/teacher",
                        "--reference", output + "/reference"], check=True)
    metadata = {
        "corpus": f"scored sha256:{corpus}", "chunks": str(options.chunks),
        "teacher": f"teacher sha256:{digests['teacher']}", "reference": f"reference sha256:{digests['reference']}",
        "end_of_text": str(END_OF_TEXT), "positions": str(int(lengths.max()) - 1), "order": "random", "seed": "42",
        "block_size": "64", "tokens_per_batch": "8192", "precision": "f32"}
    write_scores(output + "/scored/scores/scores.safetensors", lengths, sources, metadata, random)


if __name__ == "__main__":
    main()
