#!/bin/sh
# lm-eval 0.4.13 (transformers 5.24.0, torch 2.13.0): the log-probability of a request depends on the
# requests beside it.
#
# HFLM.loglikelihood runs requests whose context and continuation without its last token are the same tokens only
# once (logits_cache, on by default) and looks the others up in that pass. Where two of them are split at
# different places, as ("a", " b c") and ("a b", " c"), the shorter continuation is looked up from the front of the
# longer one's logits: " c" gets the log-probability that it has in the place of " b". is_greedy of the same
# request is looked up from the end, rightly, so that the two contradict each other. Asked alone, or with
# logits_cache=False, the request has its own number. A task whose items repeat a text with another border
# between context and choice is scored wrongly without a word.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch==2.13.0 transformers==5.24.0 accelerate "lm-eval[hf]==0.4.13"
cat > "$folder/measure.py" <<'PYTHON'
import sys
import types

import lm_eval
import torch
from lm_eval.models.huggingface import HFLM
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

words = Tokenizer(models.WordLevel({"[UNK]": 0, "a": 1, "b": 2, "c": 3, "d": 4}, unk_token="[UNK]"))
words.pre_tokenizer = pre_tokenizers.Whitespace()
torch.manual_seed(1)
model = LlamaForCausalLM(LlamaConfig(
    vocab_size=5, hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2,
    num_key_value_heads=2, initializer_range=0.5, bos_token_id=0, eos_token_id=0))
tokenizer = PreTrainedTokenizerFast(tokenizer_object=words, bos_token="[UNK]", eos_token="[UNK]")


def scores(requests, **settings):
    harness = HFLM(pretrained=model, tokenizer=tokenizer, batch_size=1, device="cpu", **settings)
    made = [types.SimpleNamespace(args=request, task_name="made") for request in requests]
    return [value for value, _ in harness.loglikelihood(made, disable_tqdm=True)]


long, short = ("a", " b c"), ("a b", " c")
alone = scores([short])[0]
beside = scores([long, short])[1]
uncached = scores([long, short], logits_cache=False)[1]
with torch.no_grad():
    table = torch.log_softmax(model(torch.tensor([[1, 2]])).logits[0], -1)
print(f"lm-eval {lm_eval.__version__}: alone {alone:.4f}, beside the other {beside:.4f}, without the cache "
      f"{uncached:.4f}; log p(c | a b) {table[1, 3]:.4f}, log p(c | a) {table[0, 3]:.4f}")
right, wrong = table[1, 3].item(), table[0, 3].item()
seen = (abs(alone - right) < 1e-5 and abs(uncached - right) < 1e-5 and abs(beside - wrong) < 1e-5
        and abs(right - wrong) > 0.01)
sys.exit(0 if seen else "requests no longer depend on each other")
PYTHON
HF_HUB_OFFLINE=1 "$folder/venv/bin/python" "$folder/measure.py" 2>/dev/null
