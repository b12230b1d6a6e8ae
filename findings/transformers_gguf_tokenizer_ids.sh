#!/usr/bin/env bash
# transformers 5.24.0 (gguf 0.19.0, tokenizers 0.23.3): the tokenizer that AutoTokenizer makes of a GGUF
# file (`gguf_file=`) gives other ids than the tokenizer.json that the file was converted from.
#
# Qwen2: the normalizer is gone. Qwen's tokenizer.json composes first (NFC), so "e" with a combining
# accent is the one token of the composed letter; from the GGUF it is two other tokens. Llama 3: a token
# "<|endoftext|>" is added that the vocabulary of 128,256 does not have. Its id is 128256, one behind the
# last row of the embedding, and any text that quotes the word gets it. No warning in either case.
#
# The vocabularies are those that llama.cpp brings for its own tests, in the source package of
# llama-cpp-python. Whoever compares a program that reads GGUF with transformers' own reader compares
# other tokens.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
pip="$folder/env/bin/pip --quiet --disable-pip-version-check"
$pip install torch==2.13.0 transformers==5.24.0 tokenizers==0.23.3 gguf==0.19.0
# The source alone: nothing of it is compiled.
$pip download --no-deps --no-binary llama-cpp-python -d "$folder" llama-cpp-python==0.3.36
tar xzf "$folder"/llama_cpp_python-0.3.36.tar.gz -C "$folder" --strip-components=4 --wildcards \
  '*/vendor/llama.cpp/models/ggml-vocab-qwen2.gguf' '*/vendor/llama.cpp/models/ggml-vocab-llama-bpe.gguf'

HF_HOME="$folder/cache" HF_HUB_OFFLINE=1 "$folder/env/bin/python" - "$folder" <<'PYTHON'
import sys

import gguf
import transformers

assert transformers.__version__ == "5.24.0", transformers.__version__
transformers.logging.set_verbosity_error()


def load(name):
    file = f"ggml-vocab-{name}.gguf"
    rows = len(gguf.GGUFReader(f"{sys.argv[1]}/{file}").fields["tokenizer.ggml.tokens"].data)
    return rows, transformers.AutoTokenizer.from_pretrained(sys.argv[1], gguf_file=file)


rows, qwen = load("qwen2")
composed, apart = (qwen.encode(text, add_special_tokens=False) for text in ("\u00e9", "e\u0301"))
print(f"Qwen2: composed {composed}, with a combining accent {apart}, normalizer {qwen.backend_tokenizer.normalizer}")
assert composed == [963] and apart == [68, 53839]
assert qwen.backend_tokenizer.normalizer is None

rows, llama = load("llama-bpe")
ids = llama.encode("<|endoftext|>", add_special_tokens=False)
print(f"Llama 3: {rows} tokens in the file, {len(llama)} in the tokenizer, \"<|endoftext|>\" is {ids}")
assert rows == 128256 and len(llama) == 128257 and ids == [128256]
PYTHON
