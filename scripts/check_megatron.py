#!/usr/bin/env python3
"""Opens shards with megatron-core's own reader and compares them with what miniplm says of them.

    check_megatron.py MINIPLM SHARDS/data_0 [...]

Needs numpy, torch and megatron-core (0.16.1 was used). Its reader asserts that the last document
index is the number of sequences: shards made with --document-index megatron pass, those with the
published code's single 0 do not.
"""
import json
import subprocess
import sys

from megatron.core.datasets.indexed_dataset import IndexedDataset

program = sys.argv[1]
for prefix in sys.argv[2:]:
    dataset = IndexedDataset(prefix)
    for number in range(len(dataset)):
        if number not in (0, len(dataset) // 2, len(dataset) - 1):
            continue
        ours = subprocess.run(
            [program, "inspect", prefix, "--chunk", str(number)],
            check=True, capture_output=True, text=True).stdout
        assert json.loads(ours) == dataset[number].tolist(), f"{prefix}: sequence {number} differs"
    print(f"{prefix}: {len(dataset)} sequences, {len(dataset.document_indices) - 1} documents")
