#!/usr/bin/env python3
"""Measures reading and tokenizing beside Python's fastest libraries, alternately, on one core each.

    run.py --tokenizer DIR TEXT.jsonl...

Rows are `read` (a jsonl.zst, made from the text where it is missing: decompression, JSON, text) and
`tokenizer` (document by document). Numbers of tokens are compared before speeds are."""

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.append(str(HERE.parent))
from measuring import Progress, measure

PEERS = {"tokenizer": ["bpe-qwen", "tiktoken", "tokenizers"], "read": ["orjson", "json"]}


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="+", metavar="TEXT.jsonl")
    parser.add_argument("--tokenizer", required=True,
                        help="folder with tokenizer.json, vocab.json and merges.txt")
    parser.add_argument("--rows", nargs="*", default=list(PEERS), choices=list(PEERS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--bytes", type=int, default=20_000_000, help="of text at most")
    parser.add_argument("--timeout", type=float, default=300)
    parser.add_argument("--peers", default=os.environ.get(
        "PEERS", os.path.expanduser("~/.cache/miniplm-peers")), help="folder of the peers ($PEERS)")
    parser.add_argument("--program", default=str(ROOT / ".build/release/miniplm"))
    return parser.parse_args()


def python(options):
    """An environment with the libraries of requirements.txt."""
    folder = Path(options.peers) / "corpus"
    program = folder / "bin/python"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([program, "-m", "pip", "install", "-q", "-r",
                        str(HERE / "requirements.txt")], check=True)
    return str(program)


def compressed(path, options):
    """The text as zstd, beside the peers."""
    target = Path(options.peers) / (Path(path).name + ".zst")
    if not target.exists() or target.stat().st_mtime < Path(path).stat().st_mtime:
        subprocess.run(["zstd", "-q", "-f", path, "-o", str(target)], check=True)
    return str(target)


def commands(row, text, options, interpreter):
    """Ours and theirs."""
    peer = [interpreter, str(HERE / "peers.py"), row]
    if row == "tokenizer":
        common = ["--tokenizer", options.tokenizer, "--text", text, "--bytes", str(options.bytes)]
        ours = [options.program, "bench", "tokenizer", *common, "--threads", "1", "--json", "-q"]
        return ours, {name: [*peer, "--implementation", name, *common] for name in PEERS[row]}
    file = compressed(text, options)
    ours = [options.program, "bench", "read", file, "--json", "-q"]
    return ours, {name: [*peer, file, "--implementation", name] for name in PEERS[row]}


def run(row, text, options, interpreter, progress):
    """Lines of every contender, by name; ours is None."""
    ours, peers = commands(row, text, options, interpreter)
    found = {}
    for _ in range(options.rounds):
        for name, command in peers.items():
            for who, each in ((None, ours), (name, command)):
                progress.say(f"{row} {Path(text).name}  {who or 'miniplm'}")
                line = measure(each, options.timeout)
                progress.done += 1
                if "error" in line:
                    print(f"    {line['error']}", file=sys.stderr)
                found.setdefault(who, []).append(line)
    return found


def rates(line):
    """Best and median MB/s of one process; our `bench read` tells the seconds of its best round."""
    if "together" in line:
        rate = line["bytes"] / line["together"] / 1e6
        return rate, rate
    return line["megabytesPerSecond"], line["megabytesPerSecondMedian"]


def best(lines):
    good = [line for line in lines if "error" not in line]
    if not good:
        return None
    found = [rates(line) for line in good]
    return (max(rate for rate, _ in found), statistics.median(rate for _, rate in found),
            good[0].get("tokens"))


def report(row, text, found):
    ours = best(found.pop(None))
    name = f"| {row} {Path(text).name} "
    if not ours:
        print(name + "| failed | | | |")
        return
    for who, lines in found.items():
        theirs = best(lines)
        if not theirs:
            print(f"{name}| {ours[0]:.1f} ({ours[1]:.1f}) | {who} | failed | |")
            continue
        same = "" if ours[2] == theirs[2] else f", tokens differ: {ours[2]} and {theirs[2]}"
        print(f"{name}| {ours[0]:.1f} ({ours[1]:.1f}) | {who} | {theirs[0]:.1f} ({theirs[1]:.1f}) "
              f"| **{ours[0] / theirs[0]:.1f}** ({ours[1] / theirs[1]:.1f}){same} |")


def main():
    options = arguments()
    interpreter = python(options)
    pairs = [(row, text) for row in options.rows for text in options.texts]
    progress = Progress(sum(2 * len(PEERS[row]) for row, _ in pairs) * options.rounds)
    results = [(row, text, run(row, text, options, interpreter, progress)) for row, text in pairs]
    print("| row | ours, MB/s (median) | peer | its MB/s (median) | ratio (of medians) |")
    print("|---|---|---|---|---|")
    for result in results:
        report(*result)


if __name__ == "__main__":
    main()
