#!/usr/bin/env python3
"""Kills `miniplm pack` with SIGKILL at random moments and compares what comes out with a quiet run.

    kill_pack.py MINIPLM KILLS OUT -- ARGUMENTS OF PACK WITHOUT --output

OUT is a folder for the results (removed first). Every kill comes after a random part of the time that a
quiet run takes; the same command then goes on, until it has been killed KILLS times and may finish.
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
    shutil.rmtree(out, ignore_errors=True)
    os.makedirs(out)

    def command(name):
        return [program, "pack", *arguments, "--quiet", "--output", os.path.join(out, name)]

    start = time.monotonic()
    subprocess.run(command("quiet"), check=True, stdout=subprocess.DEVNULL)
    whole = time.monotonic() - start
    generator = random.Random(5)
    killed = finished = runs = 0
    while killed < kills:
        name = f"killed{finished}"
        process = subprocess.Popen(command(name), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        runs += 1
        try:
            process.wait(generator.random() * whole)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            killed += 1
            continue
        if process.returncode != 0:
            sys.exit(f"run {runs} failed with {process.returncode}")
        finished += 1
    name = f"killed{finished}"
    subprocess.run(command(name), check=True, stdout=subprocess.DEVNULL)
    expected = digests(os.path.join(out, "quiet"))
    for number in range(finished + 1):
        found = digests(os.path.join(out, f"killed{number}"))
        if found != expected:
            different = [n for n in sorted({*found, *expected}) if found.get(n) != expected.get(n)]
            sys.exit(f"killed{number} differs in {different}")
    print(f"{killed} kills in {runs} runs of at most {whole:.1f} s: {finished + 1} corpora of "
          f"{len(expected)} files, all equal")


if __name__ == "__main__":
    main()
