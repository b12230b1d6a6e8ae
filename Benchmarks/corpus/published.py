#!/usr/bin/env python3
"""Packs the same text with `miniplm pack --as qwen` and the published tokenize_pile.py, and compares bytes and speed.

    published.py --checkout MINIPLM_CHECKOUT --tokenizer DIR TEXT.jsonl...

Both get two sizes of text and as many processes or threads; the speed is that of the difference, without the start of
either. The published script needs numpy, torch and transformers in the Python that runs this."""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
sys.path.append(os.path.join(ROOT, "scripts"))
import published_pack


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="+", metavar="TEXT.jsonl")
    parser.add_argument("--checkout", required=True)
    parser.add_argument("--tokenizer", required=True, help="folder with tokenizer.json")
    parser.add_argument("--sizes", type=float, nargs=2, default=[4, 24], help="MB of lines")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3, help="of ours; the published script runs once")
    parser.add_argument("--program", default=os.path.join(ROOT, ".build/release/miniplm"))
    return parser.parse_args()


def sample(paths, path, size):
    """Lines drawn from all texts by a seed, with labels of the Pile; the larger one begins with the smaller."""
    lines = []
    for source in paths:
        with open(source, encoding="utf-8") as file:
            lines += [text for line in file if (text := json.loads(line).get("text"))]
    random.Random(1).shuffle(lines)
    written = 0
    with open(path, "w", encoding="utf-8") as file:
        for number, text in enumerate(lines):
            label = published_pack.LABELS[number % 17]
            written += file.write(json.dumps(
                {"text": text, "meta": {"pile_set_name": label}}, ensure_ascii=False) + "\n")
            if written >= size:
                break
    return os.path.getsize(path)


def main():
    options = arguments()
    with tempfile.TemporaryDirectory() as scratch:
        folder = os.path.join(scratch, "tokenizer")
        published_pack.tokenizer_folder(
            os.path.join(options.tokenizer, "tokenizer.json"), folder, "<|endoftext|>")
        sizes, ours, theirs = [], [], []
        for number, megabytes in enumerate(options.sizes):
            text = os.path.join(scratch, f"{number}.jsonl")
            sizes.append(sample(options.texts, text, megabytes * 1e6))
            best = None
            for _ in range(options.rounds):
                out = os.path.join(scratch, "ours")
                shutil.rmtree(out, ignore_errors=True)
                start = time.monotonic()
                subprocess.run([options.program, "pack", text, "--tokenizer", folder, "--as", "qwen", "--output", out,
                                "--threads", str(options.workers), "--quiet"], check=True, stdout=subprocess.DEVNULL)
                seconds = time.monotonic() - start
                best = min(best or seconds, seconds)
            ours.append(best)
            reference = os.path.join(scratch, "theirs")
            shutil.rmtree(reference, ignore_errors=True)
            start = time.monotonic()
            published_pack.published(
                options.checkout, folder, "qwen", reference, [text], workers=options.workers)
            theirs.append(time.monotonic() - start)
            same = published_pack.digests(out) == published_pack.digests(reference)
            print(f"{sizes[-1] / 1e6:.1f} MB: ours {ours[-1]:.2f} s, published {theirs[-1]:.2f} s, shards "
                  f"{'equal' if same else 'DIFFERENT'}", flush=True)
            if not same:
                sys.exit(1)
    more = (sizes[1] - sizes[0]) / 1e6
    rates = more / (ours[1] - ours[0]), more / (theirs[1] - theirs[0])
    print(f"without the start, {options.workers} threads and processes: ours {rates[0]:.1f} MB/s, published "
          f"{rates[1]:.2f} MB/s, ratio {rates[0] / rates[1]:.1f}; with it, on {sizes[1] / 1e6:.0f} MB: ratio "
          f"{theirs[1] / ours[1]:.1f}")


if __name__ == "__main__":
    main()
