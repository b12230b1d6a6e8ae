#!/usr/bin/env python3
"""Writes one tokenizer.json of every kind of model into FOLDER, for scripts/fuzz_tokenizer.py: trained
on texts, and made of the vocabularies that llama.cpp carries (its models/ggml-vocab-*.gguf).

    pip install tokenizers==0.23.3 gguf
    python scripts/make_tokenizer_kinds.py FOLDER --texts CORPUS.jsonl ... [--gguf FOLDER]

Files called *-bare have no normalizer, no pre-tokenizer and no decoder: what is compared is the model.
"""
import argparse
import json
import pathlib
import random

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

SPACE = "▁"
SPECIALS = ["<unk>", "<s>", "</s>", "<pad>", "<mask>"]


def added(id, content, special=True, **flags):
    fields = dict(single_word=False, lstrip=False, rstrip=False, normalized=not special)
    return {"id": id, "content": content, **fields, "special": special, **flags}


def document(model, normalizer=None, pre=None, decoder=None, tokens=()):
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": list(tokens), "normalizer": normalizer,
        "pre_tokenizer": pre, "post_processor": None, "decoder": decoder, "model": model,
    }


def bpe(vocab, merges, **options):
    fields = dict(
        dropout=None, unk_token=None, continuing_subword_prefix=None, end_of_word_suffix=None, fuse_unk=False,
        byte_fallback=False, ignore_merges=False,
    )
    return {"type": "BPE", **fields, **options, "vocab": vocab, "merges": merges}


def merges_of(scores):
    """All ways to join two tokens to a third, best results first: what converters of SentencePiece
    models write."""
    ids = {token: i for i, token in enumerate(scores)}
    found = []
    for token, score in scores.items():
        parts = [(token[:i], token[i:]) for i in range(1, len(token))]
        parts = [p for p in parts if p[0] in ids and p[1] in ids]
        found += [(score, p) for p in sorted(parts, key=lambda p: (ids[p[0]], ids[p[1]]))]
    found.sort(key=lambda f: (f[0], len(f[1][0]), len(f[1][1])), reverse=True)
    return [list(p) for _, p in found]


LLAMA_NORMALIZER = {
    "type": "Sequence",
    "normalizers": [
        {"type": "Prepend", "prepend": SPACE},
        {"type": "Replace", "pattern": {"String": " "}, "content": SPACE},
    ],
}
LLAMA_DECODER = {
    "type": "Sequence",
    "decoders": [
        {"type": "Replace", "pattern": {"String": SPACE}, "content": " "},
        {"type": "ByteFallback"},
        {"type": "Fuse"},
        {"type": "Strip", "content": " ", "start": 1, "stop": 0},
    ],
}
METASPACE = {"type": "Metaspace", "replacement": SPACE, "prepend_scheme": "always", "split": True}
BERT_NORMALIZER = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True}


def from_gguf(folder):
    """Kinds made of the vocabularies of llama.cpp."""
    from gguf import GGUFReader

    for path in sorted(folder.glob("ggml-vocab-*.gguf")):
        name = path.stem.removeprefix("ggml-vocab-")
        fields = {k: v.contents() for k, v in GGUFReader(str(path)).fields.items() if k.startswith("tokenizer.")}
        kind = fields["tokenizer.ggml.model"]
        tokens, types = fields["tokenizer.ggml.tokens"], fields.get("tokenizer.ggml.token_type")
        scores = fields.get("tokenizer.ggml.scores")
        specials = [added(i, t, types[i] == 3) for i, t in enumerate(tokens) if types and types[i] in (3, 4) and t]
        if kind == "llama":
            # Baichuan's file lists byte tokens as ordinary ones.
            ordinary = {t: s for t, s, k in zip(tokens, scores, types) if k not in (3, 6)}
            model = bpe(
                {t: i for i, t in enumerate(tokens)}, merges_of(ordinary), unk_token="<unk>", fuse_unk=True, byte_fallback=True
            )
            yield name, document(model, LLAMA_NORMALIZER, None, LLAMA_DECODER, specials)
            yield name + "-split", document(model, None, METASPACE, LLAMA_DECODER, specials)
            yield name + "-bare", document(model, tokens=specials)
        elif kind == "gemma4":
            merges = [m.split(" ", 1) for m in fields["tokenizer.ggml.merges"]]
            vocab = {t: i for i, t in enumerate(tokens)}
            merges = [m for m in merges if m[0] in vocab and m[1] in vocab and m[0] + m[1] in vocab]
            model = bpe(vocab, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True)
            replace = {"type": "Replace", "pattern": {"String": " "}, "content": SPACE}
            split = {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious", "invert": False}
            decoder = {"type": "Sequence", "decoders": LLAMA_DECODER["decoders"][:3]}
            yield name, document(model, replace, split, decoder, specials)
            yield name + "-bare", document(model, tokens=specials)
        elif kind == "bert":
            # llama.cpp turns the prefix of continuing tokens round.
            vocab = {t[1:] if t.startswith(SPACE) else t if t.startswith("[") and t.endswith("]") else "##" + t: i for i, t in enumerate(tokens)}
            model = {
                "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                "max_input_chars_per_word": 100, "vocab": vocab,
            }
            names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
            specials = [added(vocab[t], t) for t in names if t in vocab]
            decoder = {"type": "WordPiece", "prefix": "##", "cleanup": True}
            yield name, document(model, BERT_NORMALIZER, {"type": "BertPreTokenizer"}, decoder, specials)
            yield name + "-bare", document(model, None, {"type": "Whitespace"}, None, specials)
        elif kind == "t5":
            import base64

            model = {
                "type": "Unigram", "unk_id": 3, "byte_fallback": False,
                "vocab": [[t, s if k == 1 else 0.0] for t, s, k in zip(tokens, scores, types)],
            }
            charsmap = bytes(fields["tokenizer.ggml.precompiled_charsmap"])
            normalizer = {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(charsmap).decode()}
            pre = {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, METASPACE]}
            decoder = {k: v for k, v in METASPACE.items()}
            yield name, document(model, normalizer, pre, decoder, specials)
            yield name + "-bare", document(model, tokens=specials)


def trained(tokenizer, trainer, texts):
    tokenizer.train_from_iterator(texts, trainer)
    return json.loads(tokenizer.to_str())["model"]


def from_texts(texts, share=1):
    """Kinds that are trained on texts, with a share of their usual number of tokens."""
    quiet = dict(show_progress=False)

    def tokenizer(model, pre):
        result = Tokenizer(model)
        result.pre_tokenizer = pre
        return result

    words, bert = pre_tokenizers.Whitespace(), {"type": "BertPreTokenizer"}
    specials = [added(i, t) for i, t in enumerate(SPECIALS)]

    model = trained(
        tokenizer(models.WordLevel(unk_token="<unk>"), words), trainers.WordLevelTrainer(vocab_size=20000 // share, special_tokens=SPECIALS, **quiet), texts
    )
    yield "wordlevel", document(model, {"type": "Lowercase"}, {"type": "Whitespace"}, None, specials)
    yield "wordlevel-bare", document(model, None, {"type": "Whitespace"}, None, specials)

    piece_tokens = ["[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]"]
    model = trained(
        tokenizer(models.WordPiece(unk_token="[UNK]"), words), trainers.WordPieceTrainer(vocab_size=8000 // share, special_tokens=piece_tokens, **quiet), texts
    )
    piece_specials = [added(i, t) for i, t in enumerate(piece_tokens)]
    yield "wordpiece", document(model, BERT_NORMALIZER, bert, {"type": "WordPiece", "prefix": "##", "cleanup": True}, piece_specials)
    yield "wordpiece-bare", document(model, None, {"type": "Whitespace"}, None, piece_specials)
    short = dict(model, max_input_chars_per_word=6)
    yield "wordpiece-short-bare", document(short, None, {"type": "WhitespaceSplit"}, None, piece_specials)

    spaced = [SPACE + t.replace(" ", SPACE) for t in texts]
    pre = pre_tokenizers.Split(SPACE, "merged_with_next")
    model = trained(
        tokenizer(models.Unigram(), pre),
        trainers.UnigramTrainer(vocab_size=8000 // share, special_tokens=SPECIALS, unk_token="<unk>", **quiet), spaced,
    )
    t5 = {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, METASPACE]}
    yield "unigram", document(model, {"type": "NFKC"}, t5, METASPACE, specials)
    yield "unigram-bare", document(model, tokens=specials)
    # Whole scores have many ties.
    rounded = dict(model, vocab=[[t, float(round(s))] for t, s in model["vocab"]])
    yield "unigram-ties-bare", document(rounded, tokens=specials)
    tenths = dict(model, vocab=[[t, round(s, 1)] for t, s in model["vocab"]])
    yield "unigram-tenths-bare", document(tenths, tokens=specials)
    fallback = dict(model, byte_fallback=True, vocab=model["vocab"] + [["<0x%02X>" % b, -15.0] for b in range(256)])
    yield "unigram-bytes-bare", document(fallback, tokens=specials)

    plain = dict(vocab_size=6000 // share, special_tokens=SPECIALS, **quiet)
    model = trained(tokenizer(models.BPE(unk_token="<unk>"), words), trainers.BpeTrainer(limit_alphabet=120 if share == 1 else 60, **plain), texts)
    yield "bpe-unknown-bare", document(model, None, {"type": "Whitespace"}, None, specials)
    yield "bpe-fused-bare", document(dict(model, fuse_unk=True), None, {"type": "WhitespaceSplit"}, None, specials)
    yield "bpe-dropped-bare", document(dict(model, unk_token=None), None, {"type": "WhitespaceSplit"}, None, specials)
    yield "bpe-ignore-bare", document(dict(model, ignore_merges=True), None, {"type": "Whitespace"}, None, specials)
    # Some bytes only: characters with others are unknown.
    some = dict(model["vocab"])
    for byte in list(range(0x80, 0xC4)) + [0xE2, 0xE3, 0xF0]:
        some["<0x%02X>" % byte] = len(some)
    half = dict(model, byte_fallback=True, vocab=some)
    yield "bpe-half-fallback-bare", document(half, None, {"type": "WhitespaceSplit"}, None, specials)
    yield "bpe-half-fused-bare", document(dict(half, fuse_unk=True), tokens=specials)

    model = trained(
        tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"), words),
        trainers.BpeTrainer(end_of_word_suffix="</w>", limit_alphabet=150 if share == 1 else 60, **plain), texts,
    )
    yield "bpe-suffix", document(model, BERT_NORMALIZER, bert, {"type": "BPEDecoder", "suffix": "</w>"}, specials)
    yield "bpe-suffix-bare", document(model, None, {"type": "Whitespace"}, None, specials)
    bytes_ = dict(model, byte_fallback=True, vocab={**model["vocab"], **{"<0x%02X>" % b: len(model["vocab"]) + b for b in range(256)}})
    yield "bpe-suffix-bytes-bare", document(bytes_, None, {"type": "Whitespace"}, None, specials)

    model = trained(
        tokenizer(models.BPE(unk_token="<unk>", continuing_subword_prefix="##"), words),
        trainers.BpeTrainer(continuing_subword_prefix="##", limit_alphabet=150 if share == 1 else 60, **plain), texts,
    )
    yield "bpe-prefix-bare", document(model, None, {"type": "Whitespace"}, None, specials)

    level = pre_tokenizers.ByteLevel(add_prefix_space=False)
    model = trained(
        tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"), level),
        trainers.BpeTrainer(end_of_word_suffix="</w>", initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), **plain), texts,
    )
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    yield "bpe-clip-bare", document(model, None, byte_level, None, specials)
    unigram = trained(
        tokenizer(models.Unigram(), level), trainers.UnigramTrainer(vocab_size=3000 // share, special_tokens=SPECIALS, unk_token="<unk>", **quiet), texts
    )
    yield "unigram-byte-level-bare", document(unigram, None, byte_level, None, specials)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--texts", nargs="*", default=[])
    parser.add_argument("--gguf", type=pathlib.Path)
    options = parser.parse_args()
    kinds = []
    if options.texts:
        texts = []
        for path in options.texts:
            with open(path, encoding="utf-8") as lines:
                texts += [json.loads(line)["text"][:2000] for line in lines]
        random.Random(1).shuffle(texts)
        kinds += from_texts(texts[:4000])
    if options.gguf:
        kinds += from_gguf(options.gguf)
    for name, file in kinds:
        path = options.folder / name / "tokenizer.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(file, ensure_ascii=False))
        loaded = Tokenizer.from_file(str(path))
        print(f"{name}: {loaded.get_vocab_size()} tokens")


if __name__ == "__main__":
    main()
