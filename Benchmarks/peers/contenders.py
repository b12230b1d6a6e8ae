"""Who takes part in a row, and with which command."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

# No return of memory to the kernel between passes, and huge pages: fresh pages cost PyTorch half of
# its speed. Three settings, one line for a user, so that the peer is measured at its best.
TUNED = {
    "MALLOC_MMAP_THRESHOLD_": str(16 << 30),
    "MALLOC_TRIM_THRESHOLD_": str(16 << 30),
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}


@dataclass
class Row:
    kind: str
    shape: str
    vocabulary: int | None
    precision: str
    length: int
    batch: int
    name: str

    @staticmethod
    def parse(text):
        match = re.fullmatch(
            r"(score|train):([\w.-]+)(?:@(\d+))?:(f32|bf16|int8)(?::(\d+)(?:x(\d+))?)?", text)
        if not match or (match[1] == "train" and match[4] == "int8"):
            raise ValueError(
                f"{text} is no row; expected KIND:SHAPE[@VOCABULARY]:PRECISION[:LENGTH[xBATCH]] "
                "with KIND score or train, PRECISION f32, bf16 or (score) int8")
        return Row(
            kind=match[1], shape=match[2], vocabulary=int(match[3]) if match[3] else None,
            precision=match[4], length=int(match[5] or 1024), batch=int(match[6] or 1), name=text)


@dataclass
class Contender:
    name: str
    command: list
    environment: dict = field(default_factory=dict)
    # Makes what the command needs, once.
    prepare: object = lambda: None


class Tools:
    """Commands for this machine and these options."""

    def __init__(self, options, here):
        self.options = options
        self.here = here
        self.folder = Path(options.peers)
        self.python = str(self.folder / "venv/bin/python")

    def ours(self, row):
        command = [
            self.options.program, "bench", row.kind, "--json", "--shape", row.shape,
            "--precision", row.precision, "--threads", str(self.options.threads),
            "--chunk-length", str(row.length), "--batch", str(row.batch),
            "--repeats", str(self.options.repeats), "--seconds", str(self.options.seconds)]
        if row.vocabulary:
            command += ["--vocabulary", str(row.vocabulary)]
        return Contender("miniplm", command)

    def peers(self, row):
        """Every peer in every setting that may be its best."""
        if row.kind == "train":
            return self.training_peers(row)
        if row.precision == "f32":
            return [*self.transformers(row, "f32"), *self.llama(row, "f32")]
        # Whoever takes a row's precision wants speed. Which of theirs is the fastest depends on the
        # processor: 16 bits with AVX-512 BF16, else f32 or 8 bits.
        peers = [*self.llama(row, "q8_0")] if row.precision == "int8" else []
        if self.has_bf16():
            return peers + [*self.transformers(row, "bf16"), *self.llama(row, "bf16")]
        return peers + [
            *self.transformers(row, "f32"), *self.llama(row, "f32"), *self.llama(row, "bf16")]

    @staticmethod
    def has_bf16():
        """Whether this processor multiplies bf16 itself."""
        try:
            flags = Path("/proc/cpuinfo").read_text().split()
        except OSError:
            return True
        return "avx512_bf16" in flags

    def config(self, row):
        """The shape as a config.json, written by our program so that both sides agree."""
        command = [self.options.program, "bench", "shapes", "--json", "--shape", row.shape]
        if row.vocabulary:
            command += ["--vocabulary", str(row.vocabulary)]
        found = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        if found.returncode:
            sys.exit(f"{row.name}: the program knows no such shape")
        path = self.folder / "shapes" / (self.file_name(row) + ".json")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(json.loads(found.stdout)["configuration"]))
        return str(path)

    @staticmethod
    def file_name(row):
        return row.shape + (f"-{row.vocabulary}" if row.vocabulary else "")

    def limits(self):
        return ["--threads", str(self.options.threads), "--repeats", str(self.options.repeats),
                "--seconds", str(self.options.seconds)]

    def plain_and_tuned(self, name, command):
        threads = {"OMP_NUM_THREADS": str(self.options.threads)}
        return [Contender(name, command, threads),
                Contender(name + ", malloc tuned", command, {**threads, **TUNED})]

    def transformers(self, row, dtype):
        command = [self.python, str(self.here / "score_torch.py"), self.config(row),
                   "--dtype", dtype, "--length", str(row.length), *self.limits()]
        return self.plain_and_tuned(f"transformers {dtype}", command)

    def llama(self, row, kind):
        config = self.config(row)
        path = self.folder / "gguf" / f"{self.file_name(row)}-{kind}.gguf"

        def prepare():
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                unfinished = str(path) + ".part"
                subprocess.run([self.python, str(self.here / "write_gguf.py"), config, unfinished,
                                "--type", kind], check=True)
                Path(unfinished).rename(path)

        return [
            Contender(
                f"llama.cpp {kind}, n_batch {batch}",
                [str(self.folder / "score_llama"), str(path), str(row.length), str(batch),
                 str(self.options.threads), str(self.options.repeats), str(self.options.seconds)],
                prepare=prepare)
            for batch in (512, 1024) if batch <= max(512, row.length)]

    def training_peers(self, row):
        command = [self.python, str(self.here / "train_torch.py"), self.config(row),
                   "--length", str(row.length), "--batch", str(row.batch), *self.limits()]
        if row.precision == "bf16":
            command.append("--autocast")
        suffix = " autocast" if row.precision == "bf16" else ""
        if not row.shape.startswith("mamba"):
            return [
                *self.plain_and_tuned("transformers" + suffix, command),
                Contender("transformers compiled" + suffix, [*command, "--compile"],
                          {"OMP_NUM_THREADS": str(self.options.threads)})]
        peers = self.plain_and_tuned("mambapy" + suffix, [*command, "--peer", "mambapy"])
        peers += self.plain_and_tuned(
            "transformers with mambapy" + suffix, [*command, "--peer", "transformers-mambapy"])[1:]
        # Its loop over positions has a backward pass that grows with the square of the length.
        if row.length * row.batch <= 256:
            peers += self.plain_and_tuned("transformers" + suffix, command)
        return peers
