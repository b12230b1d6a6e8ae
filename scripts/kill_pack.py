#!/usr/bin/env python3
"""Kills a command that builds a folder with SIGKILL at random moments, and compares with a quiet run.

    kill_pack.py MINIPLM KILLS OUT -- pack CORPUS --tokenizer DIR ...
    kill_pack.py MINIPLM KILLS OUT -- convert SHARDS --from DIR --to DIR ...

The command comes without --output; OUT is a folder for the results (removed first). --state-seconds 0.3 behind
it makes many states on a small corpus. Every kill comes after a random part of the time that a quiet run takes;
the same command then goes on, until it has been killed KILLS times and may finish. With `<` a file is given as
standard input: kill_pack.py MINIPLM KILLS OUT -- pack - --tokenizer DIR '<' FILE.
"""
import hashlib
import os
import random
import shutil
import subprocess
import sys
import time


def digests(folder):
    found = {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            found[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def main():
    program, kills, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    arguments = sys.argv[sys.argv.index("--") + 1:]
    stream = None
    if "<" in arguments:
        at = arguments.index("<")
        stream = arguments[at + 1]
        del arguments[at:at + 2]
    shutil.rmtree(out, ignore_errors=True)
    os.makedirs(out)

    def start(name, **settings):
        with open(stream or os.devnull, "rb") as file:
            return subprocess.Popen(
                [program, *arguments, "--quiet", "--output", os.path.join(out, name)], stdin=file,
                stdout=subprocess.DEVNULL, **settings)

    def finish(name):
        if start(name).wait() != 0:
            sys.exit(f"{name} failed")

    def has_state(name):
        return any(os.path.exists(os.path.join(out, name + suffix, "state.json"))
                   for suffix in (".building", ".converting"))

    begun = time.monotonic()
    finish("quiet")
    whole = time.monotonic() - begun
    generator = random.Random(5)
    killed = finished = runs = with_state = 0
    while killed < kills:
        name = f"killed{finished}"
        process = start(name, stderr=subprocess.DEVNULL)
        runs += 1
        try:
            process.wait(generator.random() * whole)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            killed += 1
            with_state += has_state(name)
            continue
        if process.returncode != 0:
            sys.exit(f"run {runs} failed with {process.returncode}")
        finished += 1
    finish(f"killed{finished}")
    expected = digests(os.path.join(out, "quiet"))
    for number in range(finished + 1):
        found = digests(os.path.join(out, f"killed{number}"))
        if found != expected:
            different = [n for n in sorted({*found, *expected}) if found.get(n) != expected.get(n)]
            sys.exit(f"killed{number} differs in {different}")
    print(f"{killed} kills, {with_state} of them with a state on disk, in {runs} runs of at most {whole:.1f} s: "
          f"{finished + 1} folders of {len(expected)} files, all equal")


if __name__ == "__main__":
    main()
