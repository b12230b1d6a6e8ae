#!/usr/bin/env python3
"""Measures what the workbench sends to a terminal and how soon it answers.

    terminal_budget.py PROGRAM PROJECT [--train] [--seconds 20]

PROJECT is one whose stages are done, for example of `miniplm demo --headless`; it is copied. With --train
the copy's students train anew, for longer, and what is sent while they do is counted. The terminal is 120 x 36 and answers nothing. Prints bytes a second on an idle screen
and while a job runs, the time to the first frame, and the time from a key to its frame. --busy N
keeps N cores busy meanwhile; --rows says which lines of the screen were written, in bytes.
"""
import argparse
import collections
import fcntl
import glob
import json
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

PLACE = re.compile(rb"\x1b\[(\d+)(?:;(\d+))?([Hd])")


class Screen:
    def __init__(self, arguments, columns=120, rows=36):
        self.start = time.monotonic()
        self.number, self.terminal = pty.fork()
        if self.number == 0:
            os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
            for name in ("COLUMNS", "LINES", "COLORTERM", "NO_COLOR"):
                os.environ.pop(name, None)
            os.execvp(arguments[0], arguments)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.text = b""

    def read(self, seconds):
        """What comes within so many seconds: (time, bytes) each."""
        end = time.monotonic() + seconds
        pieces = []
        while (rest := end - time.monotonic()) > 0:
            if not select.select([self.terminal], [], [], rest)[0]:
                break
            try:
                data = os.read(self.terminal, 1 << 16)
            except OSError:
                break
            if not data:
                break
            pieces.append((time.monotonic(), data))
            self.text += data
        return pieces

    def until(self, word, seconds=60):
        end = time.monotonic() + seconds
        while word not in self.text and time.monotonic() < end:
            self.read(0.005)
        return word in self.text

    def type(self, text):
        os.write(self.terminal, text)

    def close(self):
        try:
            self.type(b"q")
            self.read(0.3)
            self.type(b"s")
            self.read(2)
            os.kill(self.number, signal.SIGTERM)
            self.read(2)
            os.close(self.terminal)
            os.waitpid(self.number, 0)
        except OSError:
            pass


def train_anew(project):
    for pattern in ("runs/*-*", "models/*-*", "report"):
        for path in glob.glob(os.path.join(project, pattern)):
            shutil.rmtree(path)
    path = os.path.join(project, "project.json")
    settings = json.load(open(path))
    settings["student"]["training"]["epochs"] = 60
    json.dump(settings, open(path, "w"))


def first_frame(arguments, word, times=7):
    found = []
    for _ in range(times):
        screen = Screen(arguments)
        if screen.until(word):
            found.append((time.monotonic() - screen.start) * 1000)
        screen.close()
        time.sleep(0.5)
    return sorted(found)


def keys(screen, times=120):
    """Milliseconds from a key to the last byte of the frame that answers it."""
    found = []
    for step in range(times):
        screen.read(0.08)
        start = time.monotonic()
        screen.type(b"12"[step % 2 : step % 2 + 1])
        pieces = screen.read(0.06)
        if pieces:
            found.append((pieces[0][0] - start) * 1000)
    return sorted(found)


def rate(screen, seconds, by_row=None):
    pieces = screen.read(seconds)
    data = b"".join(piece for _, piece in pieces)
    if by_row is not None:
        row, last = 0, 0
        for match in PLACE.finditer(data):
            by_row[row] += match.start() - last
            row, last = int(match.group(1)), match.start()
        by_row[row] += len(data) - last
    return len(data) / seconds


def share(values, part):
    return values[min(len(values) - 1, int(part * len(values)))] if values else float("nan")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("project")
    parser.add_argument("--train", action="store_true")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--busy", type=int, default=0)
    parser.add_argument("--rows", action="store_true")
    options = parser.parse_args()
    program = os.path.abspath(options.program)
    busy = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(options.busy)]
    place = tempfile.mkdtemp(prefix="budget")
    try:
        project = os.path.join(place, "p")
        shutil.copytree(options.project, project, symlinks=True)
        open_it = [program, "open", project]
        if options.train:
            train_anew(project)
            screen = Screen(open_it + ["--screen", "train"])
            screen.until(b"p")
            screen.read(1)
            screen.type(b"R")
            screen.read(6)
            by_row = collections.Counter()
            sent = rate(screen, options.seconds, by_row)
            print(f"while a job runs: {sent:.0f} bytes/s")
            if options.rows:
                for row, count in sorted(by_row.items(), key=lambda item: -item[1])[:16]:
                    print(f"  row {row:2}: {count / options.seconds:.0f} bytes/s")
            times = keys(screen)
            print(f"key to frame while it runs: p50 {share(times, .5):.1f} ms, p90 {share(times, .9):.1f} ms, n {len(times)}")
            screen.close()
        else:
            frames = first_frame(open_it, b"MINIPLM")
            print(f"first frame: median {share(frames, .5):.0f} ms, of {len(frames)}: " + " ".join(f"{x:.0f}" for x in frames))
            screen = Screen(open_it)
            screen.until(b"MINIPLM")
            screen.read(8)
            print(f"idle: {rate(screen, options.seconds):.0f} bytes/s")
            times = keys(screen)
            print(f"key to frame: p50 {share(times, .5):.1f} ms, p90 {share(times, .9):.1f} ms, n {len(times)}")
            screen.close()
    finally:
        for process in busy:
            process.kill()
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
