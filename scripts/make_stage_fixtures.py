#!/usr/bin/env python3
"""Writes Tests/TokenizersTests/Fixtures/stages.json: what Hugging Face's `tokenizers` makes of texts with
each kind of normalizer, pre-tokenizer, decoder and post-processor of scripts/fuzz_stages.py.

    pip install tokenizers==0.23.3
    python scripts/make_stage_fixtures.py
"""
import base64
import json
import pathlib
import random

import fuzz_stages
from charsmap import compiled
from tokenizers import Tokenizer

TARGET = pathlib.Path(__file__).parent.parent / "Tests/TokenizersTests/Fixtures/stages.json"
MAP = base64.b64encode(
    compiled({"\u00bd": "1\u20442", "\ufb01": "fi", "e\u0301": "", "\r\n": "<line>", "\x01": "", "\t": " ", "\u2581": " ", "\uff21": "A"})
).decode()
FIRST = [
    "Hello World", " The caf\u00e9  Caf\u00e9 the", "\u00bde\u0301\u00bd 12a1", "\x01\tA\uff21\ufb01 \r\n\u4e2d\u6587x", "\u0130\u03a3\u01c5\u00df",
    "\u2581x\u2581 <s> a [MASK]b-ab--c", "\uac00\u1100\u1161\u11a8 \u0915\u094d\u0937\u0301", "e\u0323\u0301\u00e9\u0327 \u212b", "   ", "\u00ad\u200b\ufeffa\u3000",
]


def processors():
    token = lambda name: {"SpecialToken": {"id": name, "type_id": 0}}
    text = lambda name: {"Sequence": {"id": name, "type_id": 0}}
    special = lambda *names: {n: {"id": n, "ids": [i + 1, i + 2], "tokens": [n, n]} for i, n in enumerate(names)}
    template = lambda single, pair: {
        "type": "TemplateProcessing", "single": single, "pair": pair, "special_tokens": special("[CLS]", "[SEP]"),
    }
    around = template([token("[CLS]"), text("A"), token("[SEP]")], [text("A"), token("[SEP]"), text("B")])
    bert = {"type": "BertProcessing", "sep": ["b", 3], "cls": ["a", 4]}
    roberta = {"type": "RobertaProcessing", "sep": ["b", 3], "cls": ["a", 4], "trim_offsets": True, "add_prefix_space": True}
    join = lambda *parts: fuzz_stages.sequence("processors", *parts)
    return {
        "Bert": bert,
        "Roberta": roberta,
        "template": around,
        "template twice the text": template([text("A"), token("[SEP]"), text("A")], [text("A"), text("B")]),
        "bytes and template": join(fuzz_stages.BYTES, around),
        "template and Bert": join(around, bert),
        "template and Roberta": join(template([token("[CLS]"), text("A")], [text("A"), text("B")]), roberta),
        "template of a template": join(
            template([token("[CLS]"), text("A")], []), template([text("A")], [text("B"), token("[SEP]"), text("A")])
        ),
    }


def main():
    source = random.Random(7)
    texts = FIRST + [t for t, _ in zip(fuzz_stages.texts(30, 11), range(14))]
    cases = []
    kinds = {n: (k, None) for n, k in fuzz_stages.normalizer_kinds().items()} | fuzz_stages.pre_tokenizer_kinds()
    whole = fuzz_stages.compatible_map()["precompiled_charsmap"]
    for name, parts in kinds.items():
        written = json.dumps(fuzz_stages.byte_file(*parts)).replace(whole, MAP)
        reference = Tokenizer.from_str(written)
        ids = fuzz_stages.encoded(reference, texts)
        wanted = [None if i is None else reference.decode(i, skip_special_tokens=False) for i in ids]
        file = json.loads(written.replace(MAP, "@map"))
        cases.append({"name": name, "normalizer": file["normalizer"], "pre_tokenizer": file["pre_tokenizer"], "wanted": wanted})
    decoders = []
    size = len(fuzz_stages.TOKENS) + 4
    lists = [[source.randrange(size) for _ in range(source.randrange(9))] for _ in range(60)]
    for name, decoder in fuzz_stages.decoder_kinds().items():
        reference = Tokenizer.from_str(json.dumps(fuzz_stages.decoder_file(decoder)))
        wanted = []
        for ids in lists:
            try:
                wanted.append(reference.decode(ids, skip_special_tokens=True))
            except BaseException:
                wanted.append(None)
        decoders.append({"name": name, "decoder": decoder, "wanted": wanted})
    around = []
    for name, processor in processors().items():
        reference = Tokenizer.from_str(json.dumps(fuzz_stages.byte_file(None, None) | {"post_processor": processor}))
        around.append(
            {
                "name": name,
                "post_processor": processor,
                "with": reference.encode("x y", add_special_tokens=True).ids,
                "without": reference.encode("x y", add_special_tokens=False).ids,
            }
        )
    file = {
        "map": MAP,
        "base": fuzz_stages.byte_file(None, None),
        "texts": texts,
        "cases": cases,
        "decoder_base": fuzz_stages.decoder_file(None),
        "ids": lists,
        "decoders": decoders,
        "processors": around,
    }
    TARGET.write_text(json.dumps(file, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
