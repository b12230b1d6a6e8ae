#!/usr/bin/env python3
"""Writes Tests/TokenizersTests/Fixtures/patterns.json: what regular expressions that need more than
plain sets make of texts, as Hugging Face's `tokenizers` sees it, in a Split stage and in a Replace.

    pip install tokenizers==0.23.3
    python scripts/make_pattern_fixtures.py
"""
import json
import pathlib

from fuzz_stages import byte_file
from tokenizers import Tokenizer

TARGET = pathlib.Path(__file__).parent.parent / "Tests/TokenizersTests/Fixtures/patterns.json"
PATTERNS = r"""
(?<=ab)c
(?<=a|bc)x
(?<!ab|c)b
(?<!^)a
(?<!\n)^
(?=.)|(?<!^)$
(?=(\d{3})+(?!\d))
(?<=a{2,3})b
(?<=(?<=b)a)s
(?<=\b\w+)b
(?<=.*)b
(?<=\s)(?=\S)
(?<=[a-z])(?=[A-Z])
(?<=\p{Ll})(?=\p{Lu})|(?<=\p{L})(?=\p{N})
(?<=日)本?
(?<=(?:ab)+)c
(?i)straße
(?i)\p{Lu}
(?i)[\p{Lu}]+
(?i)[^\p{Lu}]+
(?i)[à-ü]+
(?i)é
(?i)sss
(?i)ffi
(?i)ﬀi
(?i)[^ß]
(?i)[ßa]+
(?i)σ+
(?i:K)
(?i)[k-s]+
(?i)[A-Z&&[^K]]+
(?i)[^[^a]]
(?i)[[:lower:]]+
(?i)İ
(?i)[İ]
(?i)(?<=ß)a
(?i)(?<=[ß])a
(?i)(?:s)s
(?i)s(?:)s
(?i)(s)s
(?i)s{2}
(?i)s(?#c)s
^
$
a|
|a
(?=a)
(?!a)
\b
(a*)*
(?:a?)+
(?:a|b*)*
a{3,1}
a{2}?
a{0}b
a{x
}
[]a]
(?#x)a
(?x) a b # c
\R
\012
a{300}b|a
.{1,300}
(?<name>a)b
\N+
""".strip().split("\n")
TEXTS = [
    "abcabxc bb axbcx", "a\na\n\nb\r\n", "1234567 12 123456", "Straße STRASSE straſſe ſß ßs sß", "aaaa aab", "hello World fooBar12",
    "ßa ẞa ssa Sſa", "日本日 日", "a{x }]{3,1} ]a", "kK\u212a ςΣσ ﬁ ﬃ ﬀi fﬁ FFI", "i̇ İ iI ÀÖ÷×é É", "a" * 310 + "b" + "a" * 20, "a\x00b\x0a",
]


def result(reference, text):
    """The text of the ids; None where the library fails, which it does on some empty matches."""
    try:
        return reference.decode(reference.encode(text, add_special_tokens=False).ids)
    except BaseException:
        return None


def results(file):
    reference = Tokenizer.from_str(json.dumps(file))
    return [result(reference, text) for text in TEXTS]


def main():
    cases = []
    for pattern in PATTERNS:
        split = byte_file(None, {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False})
        replace = byte_file({"type": "Replace", "pattern": {"Regex": pattern}, "content": "|"}, None)
        for file in (split, replace):
            file["added_tokens"] = []
        cases.append({"pattern": pattern, "split": results(split), "replaced": results(replace)})
    base = byte_file(None, {"type": "Split", "pattern": {"Regex": "a"}, "behavior": "Isolated", "invert": False})
    base["added_tokens"] = []
    TARGET.write_text(json.dumps({"base": base, "texts": TEXTS, "cases": cases}, ensure_ascii=False, indent=0) + "\n")


if __name__ == "__main__":
    main()
