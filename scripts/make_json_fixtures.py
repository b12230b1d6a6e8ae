#!/usr/bin/env python3
"""What Python's json module makes of odd lines: Tests/CorpusTests/Fixtures/json_lines.json.

    make_json_fixtures.py [OUTPUT]

Every case is a line as hexadecimal bytes, with the verdict of `json.loads` on it, read as UTF-8: the text
of "text" as hexadecimal UTF-8, or why there is none (decode, parse, object, missing, string, surrogate,
depth). The published packer reads its lines like this.
"""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def verdict(line):
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return {"reason": "decode"}
    try:
        value = json.loads(text)
    except RecursionError:
        return {"reason": "depth"}
    except ValueError:
        return {"reason": "parse"}
    if not isinstance(value, dict):
        return {"reason": "object"}
    if "text" not in value:
        return {"reason": "missing"}
    if not isinstance(value["text"], str):
        return {"reason": "string"}
    try:
        return {"text": value["text"].encode("utf-8").hex()}
    except UnicodeEncodeError:
        return {"reason": "surrogate"}


def value_lines():
    """Every value behind and before the text, in objects and arrays."""
    values = """NaN Infinity -Infinity nan NAN Nan inf -NaN +Infinity -infinity Infinit Infinityx NaNN NaN1 -
        Infinity- --Infinity -Inf 0 -0 -0.0 00 01 -01 0. .5 5. 1e 1e+ 1E5 1e-5 1e999 -1e999 1e400 0e0 0x10 1_000 +1
        12345678901234567890123456789012345678901234567890 -9223372036854775809 18446744073709551616 0.1e1 1.5.5 1e5.5
        3.141592653589793238462643383279 true false null True False None tru truee nul nulll fals undefined '' 'a'
        "" "a" [] {} [1] [1,] [,1] [1,,2] [1 2] {"a":1,} {"a"} {"a":} {a:1} {1:2} {"a":1 "b":2} {"a" 1} [NaN]
        {"a":NaN} [Infinity,-Infinity,NaN] [NaN,] [[NaN]] {"NaN":NaN,"b":[NaN,1]} "NaN" [nan] {"text":"inner"}
        [{"text":"inner"}] ] } : , [ {""".split()
    for value in values:
        yield '{"text": "t", "x": %s}' % value
        yield '{"x": %s, "text": "t"}' % value
        yield '{"x":%s,"text":"t"}' % value
        yield '{"text": "t", "meta": {"pile_set_name": %s}}' % value
        yield '{"text": %s}' % value
        yield value


def string_lines():
    for text in [
            r"\n", r"\/", r"\b\f\r\t", r"\"", r"\\", r"\'", r"\a", r"\x41", r"\0", r"\u", r"\u1", r"\u12", r"\u123",
            r"\u00e9", r"\u00E9", r"\u00eg", r"\U0041", r"\u0000", r"\ud83d\ude00", r"\ud83d", r"\ude00", r"\ud83dx",
            r"\ud83d\n", r"\ud83d\u0041", r"\ude00\ud83d", r"\ud83d\ud83d\ude00", r"\uD83D\uDE00", r"\uffff", r"\ufeff",
            r"\u+123", r"\u 123", r"\u-123", "\\", "\\\\\\", "\u2028\u2029", "\x7f", "\u0085", "\ufeff", "\uffff",
            "\U0010ffff", "é", "e\u0301", "/", "'", "\t", "\x00", "\x01", "\x1f", "\x0b", "\x0c", " "]:
        yield '{"text": "%s"}' % text
        yield '{"text": "a%sb", "n": 1}' % text
        yield '{"text": "t", "%s": 1}' % text
        yield '{"text": "t", "x": "%s"}' % text


def layout_lines():
    good = '{"text": "t"}'
    for before in ["", " ", "\t", "\r", "\ufeff", "\x0b", "\x0c", "\u00a0", "\u2003", "//c", "/**/", "\x00", "x", ","]:
        for after in ["", " ", "\t\r", "\x0b", "\x0c", "\u00a0", "\x00", "x", ",", "}", "]", "{}", " {}", "//c", ";"]:
            yield before + good + after
    yield from ["", " ", "{", "}", "{}", "{ }", "[]", '"text"', "null", "[{\"text\": \"t\"}]", '{"text"', '{"text":',
                '{"text": "t"', '{"text": "t', '{"text": "t",', '{"text": "t",}', '{,"text": "t"}', '{"text" "t"}',
                '{"text":: "t"}', '{"text"; "t"}', "{'text': 't'}", '{text: "t"}', '{"text": "t" "b": 1}',
                '{"text": "a", "text": "b"}', '{"text": "a", "text": 1}', '{"text": 1, "text": "b"}',
                '{"text": "a", "te\\u0078t": "b"}', '{"te\\u0078t": "b"}', '{"TEXT": "t"}', '{"text ": "t"}',
                '{"text": "a", "meta": {"text": "b"}}', '{"": 1, "text": "t"}', '{"text": "t", "a": {"b": {"c": []}}}',
                '{"text": NaN, "text": "b"}', '{"text": "a", "text": NaN}', '{"text":"t","a":[1,[2,[3,{"b":[]}]]]}']
    for depth in (10, 200, 254, 255, 256, 257, 300, 900, 100_000):
        yield '{"text": "t", "a": %s%s}' % ("[" * depth, "]" * depth)
    for depth in (10, 200, 254, 255, 256, 257, 300, 900):
        yield '{"text": "t", "a": %s1%s}' % ('{"a":' * depth, "}" * depth)
    yield '{"text": "t", "a": %s}' % ("[" * 300)
    yield '{"text": "t", "a": %s}' % ("9" * 4000)
    yield '{"text": "t", "a": %s}' % ("9" * 5000)
    yield '{"text": "t", "a": 0.%s}' % ("9" * 5000)


def byte_lines():
    for bad in ["80", "bf", "c0 80", "c1 bf", "c3", "c3 28", "e0 80 80", "e0 9f bf", "e2 82", "ed a0 80", "ed bf bf",
                "f0 80 80 80", "f0 8f bf bf", "f0 9f 98", "f4 90 80 80", "f5 80 80 80", "fe", "ff", "f4 8f bf bf",
                "ef bf bf", "ed 9f bf", "ee 80 80", "c2 80"]:
        data = bytes.fromhex(bad)
        yield b'{"text": "' + data + b'"}'
        yield b'{"text": "t", "x": "' + data + b'"}'
        yield b'{"text": "t", "' + data + b'": 1}'
        yield b'{"text": "t"}' + data
        yield b'{"text": "t", "x": ' + data + b'}'


def main():
    output = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "..", "Tests", "CorpusTests", "Fixtures")
    lines = [line.encode("utf-8", "surrogatepass")
             for make in (value_lines, string_lines, layout_lines) for line in make()] + list(byte_lines())
    cases, seen = [], set()
    for line in lines:
        if line in seen or b"\n" in line:
            continue
        seen.add(line)
        # Long runs are kept short in the file: [prefix, byte, count, suffix].
        cases.append({"line": line.hex() if len(line) < 2000 else pack(line), **verdict(line)})
    with open(os.path.join(output, "json_lines.json"), "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
    print(len(cases), "lines, of which", sum("text" in case for case in cases), "are taken")


def pack(line):
    """Runs of one repeated piece as 'hex*count', joined by '+'."""
    parts, at = [], 0
    while at < len(line):
        for size in (1, 5):
            piece, count = line[at:at + size], 1
            while line[at + count * size:at + (count + 1) * size] == piece:
                count += 1
            if count > 50:
                parts.append(f"{piece.hex()}*{count}")
                at += count * size
                break
        else:
            parts.append(line[at:at + 1].hex())
            at += 1
    return "+".join(parts)


if __name__ == "__main__":
    main()
