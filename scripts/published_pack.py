#!/usr/bin/env python3
"""Runs the published packer (MiniPLM's tokenize_pile.py) itself, as an oracle for `miniplm pack --as`.

    published_pack.py run CHECKOUT TOKENIZER KIND OUT FILE.jsonl... [--length N] [--shard N] [--workers N]
    published_pack.py fixtures CHECKOUT [OUTPUT]
    published_pack.py same OURS THEIRS

CHECKOUT is a checkout of MiniPLM (nothing of it is kept), TOKENIZER a folder with tokenizer.json, KIND
qwen, falcon or llama3.1. `run` packs the files, in the order given, into OUT; their labels must be those
of the Pile. `fixtures` packs made-up documents with the cut-down tokenizers of the tokenizer tests and
writes Tests/CorpusTests/Fixtures/published.jsonl and published.json (digests of all shards). `same`
compares two folders of shards byte by byte. Needs numpy, torch, transformers.

The script runs unchanged in a temporary folder. What it imports besides the builder of the shards is
replaced by stubs that do nothing but parse its arguments, since the originals pull in a whole training stack.
"""
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
KINDS = {"qwen": "qwen", "falcon": "mamba", "llama3.1": "llama3_1"}
LABELS = ["Pile-CC", "StackExchange", "PubMed Abstracts", "Github", "Wikipedia (en)", "FreeLaw",
          "PubMed Central", "USPTO Backgrounds", "DM Mathematics", "NIH ExPorter", "ArXiv", "HackerNews",
          "EuroParl", "PhilPapers", "Enron Emails", "Gutenberg (PG-19)", "Ubuntu IRC"]

STUBS = {
    "utils.py": """
PAD_EOS_MODELS = ["qwen", "mamba", "llama3_1"]
BOS_MODELS = ["llama3_1"]
def print_args(args): pass
""",
    "arguments.py": """
def add_data_args(p):
    for name in ("--base-path", "--model-path", "--data-dir", "--save", "--model-type"): p.add_argument(name)
    for name, value in (("--max-length", 1025), ("--data-process-workers", 1), ("--log-interval", 10000),
                        ("--shard-start", 0), ("--shard-end", 1 << 30), ("--max-shard-num", 1 << 30),
                        ("--seed", 1234)): p.add_argument(name, type=int, default=value)
    return p
add_runtime_args = add_hp_args = add_model_args = add_peft_args = lambda p: p
""",
    # The script leaves the shard size at the builder's default; SHARD makes small shards of it.
    "data_utils/__init__.py": """
import os
from . import indexed_dataset
from .indexed_dataset import best_fitting_dtype
class ChunkedDatasetBuilder(indexed_dataset.ChunkedDatasetBuilder):
    def __init__(self, *args, **settings):
        super().__init__(*args, chunk_num_per_shard=int(os.environ["SHARD"]), **settings)
""",
}


def sentence_ends(folder):
    """The list of the published rule (get_end_sent_tokens.py), made for this tokenizer."""
    from transformers import AutoTokenizer
    tokenizer = AutoTokenizer.from_pretrained(folder)
    found = []
    for i in range(len(tokenizer)):
        text = tokenizer.decode([i])
        if any(c in text for c in ".!?;\n") and not any(
                a in text and b not in text for a, b in ("[]", "()", ("\\", "{"), "<>")):
            found.append(i)
    return found + [tokenizer.eos_token_id]


def published(checkout, tokenizer, kind, out, files, length=1025, shard=1_000_000, workers=1):
    model = KINDS[kind]
    with tempfile.TemporaryDirectory() as base:
        tools = os.path.join(base, "tools", "process_data")
        os.makedirs(tools)
        os.makedirs(os.path.join(base, "data_utils"))
        os.makedirs(os.path.join(base, "in"))
        for name, text in STUBS.items():
            with open(os.path.join(base, name), "w") as file:
                file.write(text)
        for name in "data_utils/indexed_dataset.py", "tools/process_data/tokenize_pile.py", \
                "tools/process_data/domain_labels.json":
            shutil.copy(os.path.join(checkout, name), os.path.join(base, name))
        names = []
        for number, path in enumerate(files):
            names.append(f"{number}.jsonl")
            os.symlink(os.path.abspath(path), os.path.join(base, "in", names[-1]))
        with open(os.path.join(tools, "files_names.json"), "w") as file:
            json.dump(names, file)
        with open(os.path.join(tools, f"end_sent_token_{model}.json"), "w") as file:
            json.dump(sentence_ends(tokenizer), file)
        subprocess.run(
            [sys.executable, os.path.join(tools, "tokenize_pile.py"), "--base-path", base,
             "--model-path", os.path.abspath(tokenizer), "--data-dir", os.path.join(base, "in"),
             "--save", os.path.join(base, "out"), "--model-type", model, "--max-length", str(length),
             "--data-process-workers", str(workers)],
            check=True, stdout=subprocess.DEVNULL, cwd=base,
            env={**os.environ, "PYTHONPATH": base, "SHARD": str(shard), "TOKENIZERS_PARALLELISM": "false",
                 "HF_HUB_OFFLINE": "1"})
        made = os.path.join(base, "out", f"{model}-{length}")
        os.makedirs(out, exist_ok=True)
        for name in os.listdir(made):
            # An empty .bin without .idx is left behind a last shard that is full.
            if name.endswith(".idx"):
                for suffix in ".bin", ".idx":
                    shutil.copy(os.path.join(made, name[:-4] + suffix), os.path.join(out, name[:-4] + suffix))


def digests(folder):
    found = {}
    for name in sorted(os.listdir(folder)):
        if name.endswith((".bin", ".idx")):
            with open(os.path.join(folder, name), "rb") as file:
                found[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def tokenizer_folder(source, folder, eos, bos=None):
    """A tokenizer as a model folder holds it, with its end and its beginning named."""
    os.makedirs(folder)
    shutil.copy(source, os.path.join(folder, "tokenizer.json"))
    with open(os.path.join(folder, "tokenizer_config.json"), "w") as file:
        json.dump({"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": eos, "bos_token": bos,
                   "clean_up_tokenization_spaces": False}, file)


def documents(generator):
    """Made-up documents: words, numbers, code, brackets, line ends, no text at all, one without an end."""
    words = ["the", "a", "of", "Student", "teacher", "sampling", "corpus", "Wörter", "naïve", "模型", "语言",
             "данные", "f(x)", "[1]", "<p>", "{\\it", "3.14", "2024", "12345678", "e.g.", "U.S.", "http://a.b/c?d=1;e"]
    ends = [". ", ".", "! ", "?\n", ";", "\n\n", ", ", " ", " ", " ", " ", ".\n", ") ", "!\" "]
    lines = []
    for number in range(160):
        count = generator.choice([0, 1, 3, 10, 40, 120, 400])
        text = "".join(generator.choice(words) + generator.choice(ends) for _ in range(count))
        if number == 80:
            text = "x" * 30000
        if number == 81:
            text = "word " * 40000
        lines.append({"text": text, "meta": {"pile_set_name": generator.choice(LABELS[:5])}})
    return lines


def fixtures(checkout, output):
    generator = random.Random(41)
    lines = documents(generator)
    path = os.path.join(output, "published.jsonl")
    with open(path, "w", encoding="utf-8") as file:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=generator.random() < 0.5) + "\n")
    tokenizers = os.path.join(HERE, "..", "Tests", "TokenizersTests", "Fixtures")
    cases = []
    with tempfile.TemporaryDirectory() as scratch:
        for kind, name, eos, bos in [("qwen", "qwen2", "<|endoftext|>", None),
                                     ("falcon", "falcon", "<|endoftext|>", None),
                                     ("llama3.1", "llama-bpe", "<|end_of_text|>", "<|begin_of_text|>")]:
            folder = os.path.join(scratch, name)
            tokenizer_folder(os.path.join(tokenizers, name + ".tokenizer.json"), folder, eos, bos)
            for length, shard in (1025, 1_000_000), (33, 1_000_000), (33, 700), (5, 4000):
                out = os.path.join(scratch, "out")
                published(checkout, folder, kind, out, [path], length, shard)
                cases.append({"preset": kind, "tokenizer": name, "maximum_length": length,
                              "shard_size": shard, "sha256": digests(out)})
                print(kind, length, shard, len(cases[-1]["sha256"]) // 2, "shards")
                shutil.rmtree(out)
    with open(os.path.join(output, "published.json"), "w") as file:
        json.dump(cases, file, indent=1)
        file.write("\n")


def main():
    arguments = sys.argv[1:]
    options = {}
    for name in "--length", "--shard", "--workers":
        if name in arguments:
            at = arguments.index(name)
            options[name[2:]] = int(arguments[at + 1])
            del arguments[at:at + 2]
    if len(arguments) > 4 and arguments[0] == "run":
        published(arguments[1], arguments[2], arguments[3], arguments[4], arguments[5:], **options)
    elif len(arguments) > 1 and arguments[0] == "fixtures":
        fixtures(arguments[1], arguments[2] if len(arguments) > 2
                 else os.path.join(HERE, "..", "Tests", "CorpusTests", "Fixtures"))
    elif len(arguments) == 3 and arguments[0] == "same":
        ours, theirs = digests(arguments[1]), digests(arguments[2])
        different = [name for name in sorted({*ours, *theirs}) if ours.get(name) != theirs.get(name)]
        print(f"{len(theirs)} files, different: {different}" if different else f"{len(theirs)} files are equal")
        sys.exit(1 if different or not theirs else 0)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
