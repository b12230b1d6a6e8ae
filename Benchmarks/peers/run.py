#!/usr/bin/env python3
"""Measures this program and what else a user could pick, alternately, and prints the ratios.

Every measurement is a process of its own: ours, a peer, ours, the next peer, and so on, for several
rounds, because the speed of a machine moves from minute to minute. A row is

    KIND:SHAPE[@VOCABULARY]:PRECISION[:LENGTH[xBATCH]]

such as score:qwen-104m:bf16 or train:mamba-130m@50280:f32:512. Lines go to a JSON-lines file; rows
that are measured again replace the older ones in the table."""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import contenders
import report

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))
from measuring import Progress, measure
ROOT = HERE.parent.parent

STANDARD_ROWS = """
score:qwen-104m:f32 score:qwen-104m:bf16 score:qwen-104m:int8
score:mamba-130m@50280:f32 score:mamba-130m@50280:bf16
score:qwen1.5-1.8b:f32 score:qwen1.5-1.8b:bf16 score:qwen1.5-1.8b:int8
train:qwen-104m:f32 train:qwen-104m:bf16 train:qwen-200m:f32
train:mamba-130m@50280:f32:1024 train:mamba-130m@50280:f32:512 train:mamba-130m@50280:f32:256
train:qwen-small:f32:256x16 train:mamba-small:f32:256x16
""".split()


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", metavar="ROW", help="standard: " + " ".join(STANDARD_ROWS))
    parser.add_argument("--rounds", type=int, default=3, help="runs of each (3)")
    parser.add_argument("--repeats", type=int, default=3, help="measured repeats of a run (3)")
    parser.add_argument("--seconds", type=float, default=15,
                        help="no repeat of a run begins later (15)")
    parser.add_argument("--timeout", type=float, default=400, help="seconds of a run at most (400)")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--only", default="", help="peers whose name contains this")
    parser.add_argument("--peers", default=os.environ.get(
        "PEERS", os.path.expanduser("~/.cache/miniplm-peers")), help="folder of the peers ($PEERS)")
    parser.add_argument("--program", default=str(ROOT / ".build/release/miniplm"))
    parser.add_argument("--output", help="JSON lines, appended (results.jsonl in the peers' folder)")
    parser.add_argument("--write", metavar="FILE",
                        help="put the table between the markers of this Markdown file")
    parser.add_argument("--table-only", action="store_true", help="measure nothing")
    return parser.parse_args()


def run(rows, options, output):
    tools = contenders.Tools(options, HERE)
    plans = []
    for row in rows:
        peers = [peer for peer in tools.peers(row) if options.only in peer.name]
        if not peers:
            sys.exit(f"{row.name}: no peer's name contains \"{options.only}\"")
        plans.append((row, tools.ours(row), peers))
    progress = Progress(options.rounds * sum(2 * len(peers) for _, _, peers in plans))
    session = time.strftime("%Y-%m-%d %H:%M:%S")
    for row, ours, peers in plans:
        for contender in peers:
            contender.prepare()
        failed = set()
        for turn in range(options.rounds):
            for peer in peers:
                for contender in (ours, peer):
                    if contender.name in failed:
                        progress.done += 1
                        continue
                    progress.say(f"{row.name}  {contender.name}")
                    line = measure(contender.command, options.timeout, contender.environment)
                    progress.done += 1
                    line.update(row=row.name, contender=contender.name, round=turn,
                                session=session, isOurs=contender is ours)
                    # What failed once would fail again and only cost time.
                    if "error" in line:
                        failed.add(contender.name)
                        print(f"    {line['error']}", file=sys.stderr)
                    else:
                        print(f"    {line['tokensPerSecond']:.1f} tokens/s, "
                              f"{line['peakResidentBytes'] / 2**30:.1f} GiB", file=sys.stderr)
                    with open(output, "a") as file:
                        file.write(json.dumps(line) + "\n")


def main():
    options = arguments()
    try:
        rows = [contenders.Row.parse(text) for text in options.rows or STANDARD_ROWS]
    except ValueError as error:
        sys.exit(str(error))
    output = Path(options.output or Path(options.peers) / "results.jsonl")
    if not options.table_only:
        subprocess.run([str(HERE / "setup.sh"), options.peers], check=True)
        output.parent.mkdir(parents=True, exist_ok=True)
        try:
            run(rows, options, output)
        except KeyboardInterrupt:
            print("stopped; the table holds what was measured", file=sys.stderr)
    text = report.table(output, [row.name for row in rows])
    print(text)
    if options.write:
        report.replace(Path(options.write), text)


if __name__ == "__main__":
    main()
