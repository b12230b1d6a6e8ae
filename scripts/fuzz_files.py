#!/usr/bin/env python3
"""Damages tokenizer.json files at random and gives them to `miniplm tokenizer encode`: each must be read
or refused (exit code 3), within little time and memory.

    python scripts/fuzz_files.py TOKENIZER.json... [--miniplm PATH] [--count 100000] [--seed 1]
"""
import argparse
import copy
import json
import pathlib
import random
import resource
import subprocess
import sys
import tempfile

NUMBERS = ["-1", "0", "1", "0.5", "-0", "1e3", "2147483647", "2147483648", "4294967296", "1099511627776", "9223372036854775807",
           "9223372036854775808", "18446744073709551616", "1e308", "1e400", "-1e-400", "NaN", "Infinity", "00", "1." + "0" * 400]
STRANGE = [None, True, False, 0, -1, 7, 2**31, 2**40, 2**63, 1e300, 0.5, "", "x", "\u2581", "a" * 300, [], {}, [[]], [None], ["a", "b"],
           [["a", "b"]], {"a": 1}, {"type": "Sequence"}, {"String": ""}, {"Regex": ""}, {"Regex": "(?=a)|"}, {"Regex": "(?i)(?<!ß+)s*"},
           {"Regex": "(?:(?:a|b?)*c){3,}"}, {"Regex": "(" * 40 + ")" * 40}, {"type": "Metaspace", "replacement": "_"}]
TEXT = ["abc  aab x\n", "Straße 12345 \u65e5\u672c <unk> <s>\u00e9", "a" * 3000 + " " * 3000 + "\n" * 500, "\u2581\u2581the ##b"]


def places(value, path=()):
    """The paths to all values, of long lists and objects to the first ones only."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for count, (key, inner) in enumerate(items):
        if count > 40:
            break
        yield (*path, key)
        yield from places(inner, (*path, key))


def with_strange_value(source, document, all_places):
    changed = copy.deepcopy(document)
    for _ in range(source.choice((1, 1, 2, 4))):
        *path, last = source.choice(all_places)
        try:
            holder = changed
            for key in path:
                holder = holder[key]
            kind = source.randrange(4)
            if kind == 0:
                del holder[last]
            elif kind == 1:
                *other, name = source.choice(all_places)
                value = document
                for key in (*other, name):
                    value = value[key]
                holder[last] = copy.deepcopy(value)
            else:
                holder[last] = copy.deepcopy(source.choice(STRANGE))
        except (KeyError, IndexError, TypeError):
            continue
    return json.dumps(changed, ensure_ascii=source.random() < 0.5).encode()


def with_damaged_bytes(source, text):
    data = bytearray(text)
    kind = source.randrange(6)
    place = source.randrange(len(data))
    if kind == 0:
        return bytes(data[:place])
    if kind == 1:
        for _ in range(source.randrange(1, 6)):
            data[source.randrange(len(data))] = source.randrange(256)
    elif kind == 2:
        end = place + source.randrange(1, 200)
        del data[place:end]
    elif kind == 3:
        end = min(len(data), place + source.randrange(1, 200))
        data[place:place] = data[place:end] * source.choice((1, 2, 50))
    elif kind == 4:
        numbers = [i for i in range(place, min(len(data), place + 4000)) if 0x30 <= data[i] <= 0x39 and not 0x30 <= data[i - 1] <= 0x39]
        if numbers:
            start = end = source.choice(numbers)
            while end < len(data) and 0x30 <= data[end] <= 0x39:
                end += 1
            data[start:end] = source.choice(NUMBERS).encode()
    else:
        data[place:place] = source.choice([b"[" * 5000, b"{\"a\":" * 300, b"\\ud800", b"\x00", b"\xff", b"\xef\xbb\xbf", b",", b"\""])
    return bytes(data)


def limit():
    resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="+")
    parser.add_argument("--miniplm", default=".build/release/miniplm")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", default="failed", help="folder for files that fail")
    options = parser.parse_args()
    source = random.Random(options.seed)
    texts = [pathlib.Path(path).read_bytes() for path in options.files]
    documents = [json.loads(text) for text in texts]
    all_places = [list(places(document)) for document in documents]
    taken = refused = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        path, lines = pathlib.Path(folder, "tokenizer.json"), pathlib.Path(folder, "texts.jsonl")
        lines.write_text("".join(json.dumps({"text": text}) + "\n" for text in TEXT))
        for number in range(options.count):
            which = source.randrange(len(texts))
            damaged = (
                with_strange_value(source, documents[which], all_places[which])
                if source.random() < 0.6 else with_damaged_bytes(source, texts[which])
            )
            path.write_bytes(damaged)
            command = [options.miniplm, "tokenizer", "encode", str(path), "--jsonl", str(lines), "--add-special-tokens"]
            try:
                result = subprocess.run(command, capture_output=True, text=True, timeout=60, preexec_fn=limit)
                code, why = result.returncode, result.stderr.strip()[:300]
            except subprocess.TimeoutExpired:
                code, why = "none after 60 s", ""
            taken += code == 0
            refused += code == 3
            if code not in (0, 3) or code == 3 and str(path) not in why:
                failed += 1
                keep = pathlib.Path(options.keep)
                keep.mkdir(exist_ok=True)
                (keep / f"{options.seed}-{number}.json").write_bytes(damaged)
                print(f"round {number}: exit code {code}: {why}", flush=True)
    print(f"{options.count} rounds: {taken} taken, {refused} refused, {failed} failed")
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
