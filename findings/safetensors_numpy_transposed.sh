#!/usr/bin/env bash
# safetensors 0.8.0 with numpy 2.4.6: `safetensors.numpy.save_file` writes the memory of an array, not
# its values. A transposed or Fortran-ordered array (weights turned for a library with the other
# convention, `array.T`) comes back with the right shape and other values, and nobody says so.
# The torch door of the same version refuses such a tensor with a ValueError that names it.
# `numpy.ascontiguousarray` before saving keeps the values.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet safetensors==0.8.0 numpy==2.4.6

"$folder/env/bin/python" - "$folder/weights.safetensors" <<'PYTHON'
import sys

import numpy
import safetensors
from safetensors.numpy import load_file, save_file

assert safetensors.__version__ == "0.8.0", safetensors.__version__
path = sys.argv[1]
rows = numpy.arange(6, dtype=numpy.float32).reshape(2, 3)
for name, weights, comes_back in [
    ("in row order", rows, [[0, 1, 2], [3, 4, 5]]),
    ("transposed", rows.T, [[0, 1], [2, 3], [4, 5]]),
    ("Fortran order", numpy.asfortranarray(rows), [[0, 3, 1], [4, 2, 5]]),
    ("transposed, made contiguous", numpy.ascontiguousarray(rows.T), [[0, 3], [1, 4], [2, 5]]),
]:
    save_file({"weights": weights}, path)
    again = load_file(path)["weights"]
    print(f"{name}: saved {weights.tolist()}, read {again.tolist()}, equal {numpy.array_equal(again, weights)}")
    assert again.shape == weights.shape and again.tolist() == comes_back
PYTHON
