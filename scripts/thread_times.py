#!/usr/bin/env python3
"""thread_times.py [--seconds S] [--pid PID | -- COMMAND ...]: which threads of a program are busy.

Samples /proc/PID/task/*/stat five times a second until the program ends, or for S seconds. Prints the
CPU seconds of every thread that used any, and the most CPU seconds a second that all of them together
used in any whole second: with --threads N that must not exceed N by more than the clock's tick.
"""
import argparse
import os
import subprocess
import sys
import time

TICK = os.sysconf("SC_CLK_TCK")


def sample(pid):
    """CPU seconds by (thread id, name)."""
    times = {}
    try:
        for tid in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{tid}/stat") as file:
                text = file.read()
            name = text[text.index("(") + 1:text.rindex(")")]
            fields = text[text.rindex(")") + 2:].split()
            times[int(tid)] = (name, (int(fields[11]) + int(fields[12])) / TICK)
    except (FileNotFoundError, ProcessLookupError):
        pass
    return times


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--pid", type=int)
    parser.add_argument("command", nargs="*")
    options = parser.parse_args()
    child = None
    if options.pid is None:
        child = subprocess.Popen(options.command, stdout=subprocess.DEVNULL)
    pid = options.pid or child.pid
    start = time.monotonic()
    first = sample(pid) if child is None else {}
    last = dict(first)
    history = []
    while time.monotonic() - start < options.seconds:
        if child is not None and child.poll() is not None:
            break
        now = sample(pid)
        if not now:
            break
        last.update(now)
        history.append((time.monotonic(), sum(seconds for _, seconds in last.values())))
        time.sleep(0.2)
    wall = time.monotonic() - start
    used = {tid: (name, seconds - first.get(tid, (name, 0))[1])
            for tid, (name, seconds) in last.items()}
    for tid, (name, seconds) in sorted(used.items(), key=lambda item: -item[1][1]):
        if seconds > 0:
            print(f"{name:16} {'main' if tid == pid else '':5} {seconds:8.2f} s "
                  f"{100 * seconds / wall:6.2f} %")
    peak = 0.0
    for index, (then, before) in enumerate(history):
        later = next((entry for entry in history[index:] if entry[0] - then >= 1), None)
        if later:
            peak = max(peak, (later[1] - before) / (later[0] - then))
    print(f"{wall:.1f} s, {sum(s for _, s in used.values()) / wall:.2f} threads busy on average, "
          f"{peak:.2f} at most in a second")
    return child.returncode or 0 if child is not None else 0


if __name__ == "__main__":
    sys.exit(main())
