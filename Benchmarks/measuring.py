"""A measurement is a process of its own that prints one JSON line; how busy others were is noted."""

import json
import os
import subprocess
import sys
import time


def environment(extra):
    """The user's, without a choice of OpenBLAS kernels that would hold the peers (or us) back."""
    values = {key: value for key, value in os.environ.items()
              if key not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
    return {**values, **extra}


def busy_seconds():
    """Seconds that all processors have worked since the start of the machine."""
    with open("/proc/stat") as file:
        fields = [int(field) for field in file.readline().split()[1:]]
    return (fields[0] + fields[1] + fields[2] + fields[5] + fields[6]) / os.sysconf("SC_CLK_TCK")


def measure(command, timeout, extra={}):
    """The JSON line that a process prints, or {"error": ...}; with how busy others were."""
    before, start = os.times(), time.time()
    busy = busy_seconds()
    line = {}
    try:
        process = subprocess.run(
            command, env=environment(extra), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, timeout=timeout)
        found = [text for text in process.stdout.splitlines() if text.startswith("{")]
        if process.returncode == 0 and found:
            line = json.loads(found[-1])
        else:
            tail = " ".join((process.stderr or process.stdout).split()[-30:])
            line["error"] = f"exit {process.returncode}: {tail}"
    except subprocess.TimeoutExpired:
        line["error"] = f"no result within {timeout:.0f} s"
    except OSError as error:
        line["error"] = str(error)
    after, wall = os.times(), time.time() - start
    own = (after.children_user - before.children_user
           + after.children_system - before.children_system)
    line["otherProcessors"] = round(max(0, busy_seconds() - busy - own) / max(wall, 1e-3), 2)
    line["wallSeconds"] = round(wall, 1)
    return line


class Progress:
    """Says what runs, and when the end is to be expected from what each run took before."""

    def __init__(self, total):
        self.total, self.done, self.begin = total, 0, time.time()

    def say(self, text):
        left = ""
        if self.done:
            seconds = (time.time() - self.begin) / self.done * (self.total - self.done)
            left = f", ETA {int(seconds) // 60}m{int(seconds) % 60:02d}s"
        print(f"[{self.done + 1}/{self.total}{left}] {text}", file=sys.stderr, flush=True)
