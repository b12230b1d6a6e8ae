#!/usr/bin/env bash
# datasets 5.2.0 (pyarrow 26.0.1): the JSON loader reads a file in blocks (10 MB unless `chunksize`
# says otherwise) and types each block by itself. In a block where every text of a field looks like
# a time, the field is a timestamp there; when the first block made the column a string, the times
# are printed back as text. So "2024-01-01T10:00:00Z" arrives as "2024-01-01 10:00:00" in a string
# column: T and Z lost, no warning, and whether it happens depends on the neighbours of a line.
# In the other order (times first, text in a later block) the load raises.
#
# Naming the type (`features` with "string") does not prevent it. A corpus with stretches of log lines
# or calendar entries is tokenized into other tokens than the file holds.
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
datasets.logging.set_verbosity(datasets.logging.CRITICAL)
TIME, TEXT, ROWS = "2024-01-01T10:00:00Z", "hello", 5000


def load(name, texts, **options):
    path = f"{sys.argv[1]}/{name}.jsonl"
    with open(path, "w") as file:
        file.writelines(json.dumps({"text": text}) + "\n" for text in texts)
    return datasets.load_dataset("json", data_files=path, split="train", chunksize=1 << 14, **options)


rows = load("text_first", [TEXT] * ROWS + [TIME] * ROWS)
changed = sum(text != TIME for text in rows["text"][ROWS:])
print(f"text first: column {rows.features['text'].dtype}, last row {rows[-1]['text']!r}, {changed} of {ROWS} changed")
assert rows.features["text"].dtype == "string"
assert rows[-1]["text"] == "2024-01-01 10:00:00"
assert changed > ROWS * 0.9, changed

features = datasets.Features({"text": datasets.Value("string")})
rows = load("features", [TEXT] * ROWS + [TIME] * ROWS, features=features)
print(f"the same with features=string: last row {rows[-1]['text']!r}")
assert rows[-1]["text"] == "2024-01-01 10:00:00"
PYTHON
