#!/usr/bin/env python3
"""Packs a corpus made on the spot and fails if that takes too much memory, or loses a document.

    corpus_memory.py --tokenizer DIR --gigabytes N --scratch DIR [--limit MB] TEXT.jsonl...

The corpus: FILES jsonl.zst files of N GB of text in all, the given lines over and over, each with a number of its
own in front of the text; among them bad lines of every kind, three lines of 200 MB, and good ones of 60 MB. One
file looks back 2^WINDOW bytes. The peak is the kernel's own (ru_maxrss: heap, stacks and mapped files), of
`pack --as qwen`, which shuffles full shards, and of `convert` and `split` on its shards where they are asked for.
Counts of documents and of rejects must be those of the corpus; the exit code is 1 if anything is wrong.
"""
import argparse
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import threading
import time

BAD = {
    "broken_json": [b'{"text": "cut', b'{"text": "a"} {}', b'{"text": "a", "n": 01}', b"no json"],
    "bad_utf8": [b'{"text": "\xff\xfe"}', b'{"text": "a", "source": "\xc3("}'],
    "bad_escape_or_lone_surrogate": [b'{"text": "\\ud83d x"}', b'{"text": "\\q"}'],
    "missing_text": [b'{"body": "a"}', b"{}"],
    "text_is_no_string": [b'{"text": 5}', b'{"text": NaN}'],
    "empty_text": [b'{"text": ""}'],
    "not_an_object": [b'["text"]', b"17"],
    "nested_too_deep": [b'{"text": "a", "n": ' + b"[" * 2000 + b"]" * 2000 + b"}"],
}


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="+", metavar="TEXT.jsonl")
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--convert", help="also convert the shards to this tokenizer, and split them")
    parser.add_argument("--scratch", required=True, help="folder for the corpus and the shards; N GB are needed")
    parser.add_argument("--gigabytes", type=float, default=1)
    parser.add_argument("--files", type=int, default=30)
    parser.add_argument("--window", type=int, default=27, help="log2 of the largest zstd window")
    parser.add_argument("--limit", type=float, default=1000, help="MB of memory at most")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--keep", action="store_true", help="leave corpus and shards there")
    parser.add_argument("--program", default=os.path.join(
        os.path.dirname(os.path.abspath(__file__)), "..", ".build/release/miniplm"))
    return parser.parse_args()


def good_lines(paths):
    """Lines cut where their text begins, those without a text left out."""
    start = b'"text": "'
    for path in paths:
        with open(path, "rb") as file:
            for line in file:
                line = line.rstrip(b"\n")
                at = line.find(start) + len(start)
                if at >= len(start) and len(line) < 1 << 20:
                    yield line[:at], line[at:]


def make(options, folder):
    """The files; how many documents and rejects they hold, and their bytes."""
    lines = list(good_lines(options.texts))
    if not lines:
        sys.exit("no line of the texts holds \"text\": \"")
    target = options.gigabytes * 1e9 / options.files
    documents, rejects, at, size = 0, {}, 0, 0
    kinds = [(reason, line) for reason, bad in BAD.items() for line in bad]
    for number in range(options.files):
        window = [f"--long={options.window}"] if number == options.files // 2 else []
        packer = subprocess.Popen(
            ["zstd", "-q", "-1", "-T2", "-f", *window, "-o", f"{folder}/{number:02}.jsonl.zst"], stdin=subprocess.PIPE)
        written, count, block = 0, 0, []

        def put(line):
            nonlocal written
            block.append(line)
            written += len(line) + 1
            if len(block) >= 2000 or len(line) > 1 << 20:
                packer.stdin.write(b"\n".join(block) + b"\n")
                block.clear()

        special = {1: [("too_long", 200)], options.files // 2: [("too_long", 200), (None, 60)],
                   options.files - 1: [(None, 60), ("too_long", 200), (None, 60)]}.get(number, [])
        while written < target or special:
            if special and written >= target * 0.4:
                reason, megabytes = special.pop()
                # Words of one letter give a token for every two bytes: the most tokens that a text may have.
                put(b'{"text": "' + b"a ; " * (megabytes * 250_000) + b'"}')
                if reason:
                    rejects[reason] = rejects.get(reason, 0) + 1
                else:
                    documents += 1
            if count % 997 == 500:
                reason, line = kinds[(number + count // 997) % len(kinds)]
                put(line)
                rejects[reason] = rejects.get(reason, 0) + 1
            head, tail = lines[at]
            put(b"%s%d.%d %s" % (head, number, count, tail))
            documents += 1
            count += 1
            at = (at + 1) % len(lines)
        if block:
            packer.stdin.write(b"\n".join(block) + b"\n")
        packer.stdin.close()
        if packer.wait() != 0:
            sys.exit("zstd failed")
        size += written
        print(f"\rmade {size / 1e9:.1f} GB", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return documents, rejects, size


def watch(process, peaks, done):
    """Notes the largest resident heap and the largest resident part of mapped files."""
    while not done.wait(0.2):
        try:
            with open(f"/proc/{process.pid}/status") as file:
                for line in file:
                    if line.startswith(("RssAnon", "RssFile")):
                        name, value = line.split()[:2]
                        peaks[name[:-1]] = max(peaks.get(name[:-1], 0), int(value) * 1024)
        except OSError:
            return


def run(command, limit):
    """Seconds, and whether the command took less than `limit` bytes."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    peaks, done = {}, threading.Event()
    watcher = threading.Thread(target=watch, args=(process, peaks, done))
    watcher.start()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    done.set()
    watcher.join()
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)} failed with {process.returncode}")
    seconds, peak = time.monotonic() - start, usage.ru_maxrss * 1024
    parts = ", ".join(f"{name} {value / 1e6:.0f} MB" for name, value in sorted(peaks.items()))
    print(f"{command[1]}: {seconds:.1f} s, peak {peak / 1e6:.0f} MB ({parts})", flush=True)
    return seconds, peak < limit


def main():
    options = arguments()
    corpus, shards = os.path.join(options.scratch, "corpus"), os.path.join(options.scratch, "shards")
    folders = [corpus, shards] + [os.path.join(options.scratch, name) for name in ("converted", "reference", "rest")]
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(folder + ".building", ignore_errors=True)
    os.makedirs(corpus)
    # In a process of its own: what this one has in memory would count for those that it starts.
    with multiprocessing.Pool(1) as pool:
        documents, rejects, size = pool.apply(make, (options, corpus))
    limit, common = options.limit * 1e6, ["--quiet", "--threads", str(options.threads)]
    seconds, fits = run([options.program, "pack", corpus, "--tokenizer", options.tokenizer, "--as", "qwen",
                         "--output", shards, *common], limit)
    with open(os.path.join(shards, "corpus.json")) as file:
        manifest = json.load(file)
    found = sum(source["documents"] for source in manifest["sources"])
    tokens = sum(source["tokens"] for source in manifest["sources"])
    print(f"{size / 1e9:.2f} GB in {options.files} files, {found:,} documents, {tokens:,} tokens in "
          f"{manifest['shards']} shards: {size / seconds / 1e6:.1f} MB/s")
    good = fits
    if (found, manifest["rejected"]) != (documents, rejects):
        print(f"found {found} documents and {manifest['rejected']}, expected {documents} and {rejects}")
        good = False
    if options.convert:
        good &= run([options.program, "convert", shards, "--from", options.tokenizer, "--to", options.convert,
                     "--output", folders[2], *common], limit)[1]
        good &= run([options.program, "split", shards, "--ratio", "0.1", "--random", "--output", folders[3],
                     "--rest", folders[4], *common], limit)[1]
    if not options.keep:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
    print("fits" if good else f"more than {options.limit:.0f} MB, or wrong counts")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
