#!/bin/sh
# Installs the peers into a folder of their own (first argument): a virtual environment with PyTorch,
# transformers and mambapy, the llama.cpp that llama-cpp-python builds, and our program against its
# C API. What is there already is kept.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
peers=$1
llama=llama_cpp_python-0.3.36
mkdir -p "$peers/src"
if [ ! -x "$peers/venv/bin/python" ]; then
  python3 -m venv "$peers/venv"
fi
pip="$peers/venv/bin/python -m pip --disable-pip-version-check -q"
if ! "$peers/venv/bin/python" -c 'import torch, transformers, mambapy, gguf, einops' 2>/dev/null; then
  echo "installing PyTorch, transformers and mambapy into $peers/venv" >&2
  $pip install -r "$here/requirements.txt"
fi
# The headers come with the source package only.
if [ ! -d "$peers/src/$llama" ]; then
  $pip download --no-deps --no-binary llama-cpp-python -d "$peers/src" llama-cpp-python==0.3.36
  tar xzf "$peers/src/$llama.tar.gz" -C "$peers/src"
fi
library=$(ls -d "$peers"/venv/lib/python3*/site-packages/llama_cpp/lib 2>/dev/null || true)
if [ -z "$library" ]; then
  echo "building llama.cpp (about ten minutes)" >&2
  $pip install "$peers/src/$llama.tar.gz"
  library=$(ls -d "$peers"/venv/lib/python3*/site-packages/llama_cpp/lib)
fi
source=$peers/src/$llama/vendor/llama.cpp
if [ ! -x "$peers/score_llama" ] || [ "$here/score_llama.cpp" -nt "$peers/score_llama" ]; then
  c++ -O3 -march=native -ffast-math -std=c++17 -I"$source/include" -I"$source/ggml/include" \
    "$here/score_llama.cpp" -o "$peers/score_llama" -L"$library" -Wl,-rpath,"$library" \
    -lllama -lggml -lggml-base -lggml-cpu -lpthread
fi
