#!/usr/bin/env bash
# datasets 5.2.0 (pyarrow 26.0.1): one integer of 2^63 or more in a field, such as an unsigned 64-bit
# hash as document id, makes the JSON loader read the whole column as float64. No warning: five
# different ids become one number, and exact smaller ids beside it are rounded to 53 bits
# (9007199254740993 -> 9007199254740992.0). Python's json keeps every digit of the same file.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet datasets==5.2.0 pyarrow==26.0.1 pandas==3.1.1 numpy==2.4.6

HF_HOME="$folder/cache" HF_HUB_OFFLINE=1 "$folder/env/bin/python" - "$folder" <<'PYTHON'
import json
import sys

import datasets

assert datasets.__version__ == "5.2.0", datasets.__version__
datasets.disable_progress_bars()


def load(name, ids):
    path = f"{sys.argv[1]}/{name}.jsonl"
    with open(path, "w") as file:
        file.writelines(json.dumps({"id": number, "text": "a"}) + "\n" for number in ids)
    assert [json.loads(line)["id"] for line in open(path)] == ids
    return datasets.load_dataset("json", data_files=path, split="train")


hashes = [2**63 + 1 + number for number in range(5)]
rows = load("hashes", hashes)
print(f"five ids above 2^63: {rows.features['id'].dtype}, {len(set(rows['id']))} different value(s)")
assert rows.features["id"].dtype == "float64" and len(set(rows["id"])) == 1

rows = load("mixed", [9007199254740993, 2**63 + 1])
print(f"9007199254740993 beside one of them: {rows[0]['id']!r}")
assert rows[0]["id"] == 9007199254740992.0 and int(rows[0]["id"]) != 9007199254740993
PYTHON
