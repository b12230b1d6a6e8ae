#!/bin/sh
# torch 2.13.0 on a CPU: log_softmax and cross_entropy of float32 are biased, and the more so the larger the
# vocabulary; logsumexp of the same numbers is not.
#
# Expected: rounding errors of either sign, about 1e-6, whatever the size, as logsumexp has them.
# Found: log_softmax makes every log-probability too large by a mean of about 1e-6 at 49,152 entries (SmolLM2), 5e-6
# at 151,936 (Qwen) and 1e-5 at 262,144 (Gemma), thirty to a hundred times the mean error of logsumexp; so does
# cross_entropy, whose losses are too small. The sum of the exponentials loses a little of every addend. A
# continuation of a hundred tokens scored by summing log_softmax is off by some 5e-4, so that two exact
# programs differ there by more than float32 explains; x - logsumexp(x) agrees with float64 to 1e-6.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch==2.13.0 numpy
cat > "$folder/measure.py" <<'PYTHON'
import sys

import torch
import torch.nn.functional as F

print("torch", torch.__version__)
torch.manual_seed(0)
seen = True
for size, least in ((1_000, 0), (49_152, 3e-7), (151_936, 2e-6), (262_144, 5e-6)):
    logits = torch.randn(128, size) * 3
    exact = torch.log_softmax(logits.double(), -1)[:, 0]
    own = (torch.log_softmax(logits, -1)[:, 0].double() - exact).mean().item()
    other = ((logits[:, 0].double() - torch.logsumexp(logits, -1).double()) - exact).mean().item()
    losses = F.cross_entropy(logits, torch.zeros(128, dtype=torch.long), reduction="none")
    loss = (losses.double() + exact).mean().item()
    print(f"{size:7} entries: mean error of log_softmax {own:+.1e}, of x - logsumexp {other:+.1e}, "
          f"of cross_entropy {loss:+.1e}")
    # Always to one side, and many times what logsumexp has.
    if least and not (own > least and loss < -least and own > 8 * abs(other)):
        seen = False
sys.exit(0 if seen else "the bias is gone")
PYTHON
"$folder/venv/bin/python" "$folder/measure.py"
