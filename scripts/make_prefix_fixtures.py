#!/usr/bin/env python3
"""Writes Tests/TokenizersTests/Fixtures/prefix.json: what transformers' AutoTokenizer makes of folders
whose tokenizer_config.json has `add_prefix_space` (and, of Llama's class, `legacy`): its class, and ids.

    pip install transformers==5.24.0
    python scripts/make_prefix_fixtures.py
"""
import json
import os
import pathlib
import tempfile

os.environ["TRANSFORMERS_VERBOSITY"] = "error"

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers  # noqa: E402
from transformers import AutoTokenizer  # noqa: E402

TARGET = pathlib.Path(__file__).parent.parent / "Tests/TokenizersTests/Fixtures/prefix.json"
TEXTS = ["the river", " the river", "  old<|end|>stone the", "<|end|> the 12 boats", "\nthe\u2581river", ""]
ABSENT = object()
VALUES = [ABSENT, False, True, None, "false", 1, 0]


def tokenizer(pre, decoder, alphabet):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer, tokenizer.decoder = pre, decoder
    trainer = trainers.BpeTrainer(
        vocab_size=len(alphabet) + 40, special_tokens=["<|end|>"], initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(["the river runs past old stone and the slow boats, the 12 rivers"] * 20, trainer)
    return json.loads(tokenizer.to_str())


def files():
    bytes_ = lambda prefix: pre_tokenizers.ByteLevel(add_prefix_space=prefix)
    made = tokenizer(bytes_(True), decoders.ByteLevel(), pre_tokenizers.ByteLevel.alphabet())
    with_prefix = json.loads(json.dumps(made))
    made["pre_tokenizer"]["add_prefix_space"] = False
    words = tokenizer(
        pre_tokenizers.Metaspace(), decoders.Metaspace(), sorted(set("\u2581abcdefghilmnoprstuvw012,"))
    )
    return {"bytes": made, "bytes with a prefix": with_prefix, "words": words}


def cases():
    for name in ["GPT2Tokenizer", "GPTNeoXTokenizerFast", "Qwen2Tokenizer", "PreTrainedTokenizerFast"]:
        for file in ["bytes", "bytes with a prefix"]:
            for value in VALUES:
                yield file, "llama", name, {"add_prefix_space": value}
    for kind in ["mamba", "qwen2", "gpt2", "llama"]:
        for value in [ABSENT, False, True]:
            yield "bytes with a prefix", kind, None, {"add_prefix_space": value}
    for value in VALUES:
        yield "words", "llama", "LlamaTokenizer", {"add_prefix_space": value}
    for value in [False, True]:
        yield "words", "llama", "LlamaTokenizerFast", {"legacy": value}
        yield "words", "llama", "LlamaTokenizerFast", {"legacy": value, "add_prefix_space": False}


def loaded(content, kind, name, keys):
    keys = {key: value for key, value in keys.items() if value is not ABSENT}
    config = keys | ({"tokenizer_class": name} if name else {})
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        (place / "tokenizer.json").write_text(json.dumps(content))
        (place / "config.json").write_text(json.dumps({"model_type": kind}))
        if config:
            (place / "tokenizer_config.json").write_text(json.dumps(config))
        case = {"model_type": kind, "config": config}
        try:
            found = AutoTokenizer.from_pretrained(folder)
        except TypeError as error:
            return case | {"error": str(error)}
        ids = [found(text, add_special_tokens=False)["input_ids"] for text in TEXTS]
        return case | {"class": type(found).__name__, "ids": ids}


def main():
    content = files()
    rows = [{"file": file} | loaded(content[file], kind, name, keys) for file, kind, name, keys in cases()]
    with open(TARGET, "w") as out:
        json.dump({"texts": TEXTS, "files": content, "cases": rows}, out, ensure_ascii=True)
        out.write("\n")
    for row in rows:
        print(row["file"], row["model_type"], row["config"], row.get("class"), row.get("error", row.get("ids", [[]])[0]))


main()
