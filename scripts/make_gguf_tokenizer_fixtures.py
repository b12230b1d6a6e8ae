#!/usr/bin/env python3
"""Writes Tests/TokenizersTests/Fixtures/sentencepiece.json: a small SentencePiece vocabulary as GGUF
metadata hold it, and the ids of texts.

The ids are those of Hugging Face's tokenizers for the tokenizer.json that transformers makes of such a
vocabulary; without added tokens in a text they are checked against SentencePiece's own.

    pip install sentencepiece==0.2.1 tokenizers==0.23.3 transformers==5.24
    python scripts/make_gguf_tokenizer_fixtures.py
"""

import io
import json
import pathlib

import sentencepiece as spm
from tokenizers import AddedToken, Tokenizer, decoders, normalizers
from tokenizers.models import BPE
from transformers.convert_slow_tokenizer import generate_merges

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "Tests/TokenizersTests/Fixtures"
SIZE = 1100
USER_DEFINED = ["<|user|>", "  "]
KINDS = {"normal": 1, "unknown": 2, "control": 3, "user": 4, "unused": 5, "byte": 6}


def trained(texts):
    """A BPE vocabulary with byte fallback, as Llama's: nothing is normalised."""
    lines = [line for text in texts for line in text.split("\n") if line.strip()]
    # Few characters, so that others are spelt by their bytes.
    lines = [line for line in lines if sum(c > "\u024f" for c in line) * 8 < len(line)]
    model = io.BytesIO()
    spm.SentencePieceTrainer.train(
        sentence_iterator=iter(lines),
        model_writer=model, model_type="bpe", vocab_size=SIZE, byte_fallback=True,
        character_coverage=0.98, normalization_rule_name="identity", remove_extra_whitespaces=False,
        split_digits=True, allow_whitespace_only_pieces=True, num_threads=1, minloglevel=2)
    return spm.SentencePieceProcessor(model_proto=model.getvalue())


def kind(processor, piece):
    if processor.is_unknown(piece):
        return KINDS["unknown"]
    if processor.is_control(piece):
        return KINDS["control"]
    return KINDS["byte"] if processor.is_byte(piece) else KINDS["normal"]


def converted(tokens, scores, kinds, adds_space):
    """What Llama's tokenizer.json has for these tokens."""
    added = {KINDS["control"], KINDS["unknown"], KINDS["user"]}
    vocabulary = {token: place for place, token in enumerate(tokens)}
    ranked = [(t, s) for t, s, k in zip(tokens, scores, kinds) if k != KINDS["user"]]
    merges = generate_merges(vocabulary, ranked, skip_tokens=["<unk>", "<s>", "</s>"])
    tokenizer = Tokenizer(
        BPE(vocabulary, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    replace = normalizers.Replace(" ", "\u2581")
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Prepend("\u2581"), replace] if adds_space else [replace])
    steps = [decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse()]
    if adds_space:
        steps.append(decoders.Strip(" ", 1, 0))
    tokenizer.decoder = decoders.Sequence(steps)
    for token, k in zip(tokens, kinds):
        if k in added:
            special = k != KINDS["user"]
            tokenizer.add_tokens([AddedToken(token, normalized=False, special=special)])
    return tokenizer


def main():
    texts = json.loads((FIXTURES / "texts.json").read_text())
    processor = trained(texts)
    count = processor.get_piece_size()
    tokens = [processor.id_to_piece(i) for i in range(count)]
    scores = [processor.get_score(i) for i in range(count)]
    kinds = [kind(processor, i) for i in range(count)]
    extra = ["a<|user|>b <s>x</s>", "<|user|> hi  there   you", " <|user|>", "<unk>", "<0x41>"]
    chosen = [text for text in texts if len(text) < 400][:160] + extra
    cases = []
    for adds_space in (True, False):
        for user_defined in ([], USER_DEFINED):
            case_tokens = tokens + user_defined
            case_scores = scores + [-1000.0] * len(user_defined)
            case_kinds = kinds + [KINDS["user"]] * len(user_defined)
            tokenizer = converted(case_tokens, case_scores, case_kinds, adds_space)
            ids = [tokenizer.encode(text, add_special_tokens=False).ids for text in chosen]
            if adds_space and not user_defined:
                for text, own in zip(chosen[: -len(extra)], ids):
                    expected = processor.encode(text)
                    # SentencePiece knows no control tokens in texts.
                    if not any(token in text for token in ("<s>", "</s>", "<unk>")):
                        assert own == expected, (text, own, expected)
            cases.append({
                "addsSpace": adds_space, "userDefined": user_defined, "ids": ids,
                "decoded": [tokenizer.decode(i, skip_special_tokens=True) for i in ids],
            })
    fixture = {"tokens": tokens, "scores": scores, "kinds": kinds, "texts": chosen, "cases": cases}
    path = FIXTURES / "sentencepiece.json"
    path.write_text(json.dumps(fixture, ensure_ascii=True, separators=(",", ":")) + "\n")
    print(path, path.stat().st_size)


if __name__ == "__main__":
    main()
