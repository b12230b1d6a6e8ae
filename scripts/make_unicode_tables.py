#!/usr/bin/env python3
"""Writes Sources/Tokenizers/Unicode/*Data.swift: character classes and NFC as Hugging Face's
`tokenizers` sees them.

The stages of that library lean on four Unicode tables of different age (its regular expressions,
Rust's standard library, two crates), so the sets are probed from the library itself rather than
taken from one Unicode version.

    pip install tokenizers==0.23.3
    python scripts/make_unicode_tables.py
"""
import pathlib
import sys
import textwrap
import unicodedata

from tokenizers import Regex, __version__, normalizers, pre_tokenizers

TARGET = pathlib.Path(__file__).parent.parent / "Sources/Tokenizers/Unicode"
SCALARS = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000]
LETTER, NUMBER, SPACE, NUMERIC, PUNCTUATION, WORD, MARK, UNSTABLE = (1 << k for k in range(8))


def removed_by(pre_tokenizer):
    """Characters that a pre-tokenizer with behaviour "removed" drops."""
    dropped = set()
    for start in range(0, len(SCALARS), 4096):
        block = SCALARS[start : start + 4096]
        pieces = pre_tokenizer.pre_tokenize_str("".join(block))
        dropped |= set(block) - set("".join(piece for piece, _ in pieces))
    return dropped


def matched_by(pattern):
    return removed_by(pre_tokenizers.Split(Regex(pattern), "removed"))


def alone_after(pre_tokenizer):
    """Characters that stand alone between two letters after a pre-tokenizer."""
    alone = set()
    for start in range(0, len(SCALARS), 2048):
        text = "x" + "xx".join(SCALARS[start : start + 2048]) + "x"
        alone |= {piece for piece, _ in pre_tokenizer.pre_tokenize_str(text) if len(piece) == 1}
    return alone - {"x"}


def canonical_pairs():
    """Canonical decompositions in one step that the library follows."""
    nfd, pairs = normalizers.NFD(), {}
    for c in SCALARS:
        parts = unicodedata.decomposition(c).split()
        if not parts or parts[0].startswith("<") or nfd.normalize_str(c) == c:
            continue
        pairs[c] = [chr(int(part, 16)) for part in parts]
    return pairs


def combining_classes():
    """Combining classes of the characters that the library reorders."""
    nfd, classes = normalizers.NFD(), {}
    for c in SCALARS:
        value = unicodedata.combining(c)
        # A class is known to the library when one neighbour of a lower or higher class moves.
        probes = ["a" + c + "\u0334", "a\u0345" + c, "a\u0301" + c, "a" + c + "\u0323"]
        agrees = all(nfd.normalize_str(p) == unicodedata.normalize("NFD", p) for p in probes)
        if value and agrees:
            classes[c] = value
    return classes


def write(name, documentation, members):
    lines = [
        f"// Made by scripts/{pathlib.Path(sys.argv[0]).name} from tokenizers {__version__}: do not edit.",
        "",
        f"/// {documentation}",
        f"enum {name} {{",
    ]
    for member, (text, summary) in members.items():
        lines += [f"  /// {summary}", f'  static let {member}: StaticString = """']
        lines += ["    " + line for line in textwrap.wrap(text, 94)]
        lines += ['    """', ""]
    lines[-1] = "}"
    (TARGET / f"{name}.swift").write_text("\n".join(lines) + "\n")


CATEGORIES = "Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Cs Co Cn".split()
# Names of scripts; those that the library's regular expressions do not know are left out.
SCRIPTS = """Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum Bassa_Vah Batak Bengali Bhaiksuki
Bopomofo Brahmi Braille Buginese Buhid Canadian_Aboriginal Carian Caucasian_Albanian Chakma Cham Cherokee Chorasmian
Common Coptic Cuneiform Cypriot Cypro_Minoan Cyrillic Deseret Devanagari Dives_Akuru Dogra Duployan
Egyptian_Hieroglyphs Elbasan Elymaic Ethiopic Garay Georgian Glagolitic Gothic Grantha Greek Gujarati Gunjala_Gondi
Gurmukhi Gurung_Khema Han Hangul Hanifi_Rohingya Hanunoo Hatran Hebrew Hiragana Imperial_Aramaic Inherited
Inscriptional_Pahlavi Inscriptional_Parthian Javanese Kaithi Kannada Katakana Kawi Kayah_Li Kharoshthi
Khitan_Small_Script Khmer Khojki Khudawadi Kirat_Rai Lao Latin Lepcha Limbu Linear_A Linear_B Lisu Lycian Lydian
Mahajani Makasar Malayalam Mandaic Manichaean Marchen Masaram_Gondi Medefaidrin Meetei_Mayek Mende_Kikakui
Meroitic_Cursive Meroitic_Hieroglyphs Miao Modi Mongolian Mro Multani Myanmar Nabataean Nag_Mundari Nandinagari
New_Tai_Lue Newa Nko Nushu Nyiakeng_Puachue_Hmong Ogham Ol_Chiki Ol_Onal Old_Hungarian Old_Italic Old_North_Arabian
Old_Permic Old_Persian Old_Sogdian Old_South_Arabian Old_Turkic Old_Uyghur Oriya Osage Osmanya Pahawh_Hmong
Palmyrene Pau_Cin_Hau Phags_Pa Phoenician Psalter_Pahlavi Rejang Runic Samaritan Saurashtra Sharada Shavian Siddham
SignWriting Sinhala Sogdian Sora_Sompeng Soyombo Sundanese Sunuwar Syloti_Nagri Syriac Tagalog Tagbanwa Tai_Le
Tai_Tham Tai_Viet Takri Tamil Tangsa Tangut Telugu Thaana Thai Tibetan Tifinagh Tirhuta Todhri Toto Tulu_Tigalari
Ugaritic Vai Vithkuqi Wancho Warang_Citi Yezidi Yi Zanabazar_Square""".split()
PROPERTIES = {
    "ScalarPropertyData": "Word Alphabetic Punct Ideographic Emoji Extended_Pictographic",
    "ScalarCaseData": "Uppercase Lowercase",
    "ScalarPrintData": "Graph Print",
}


def runs(values):
    """`start:value` where the value of the scalars changes, from zero on."""
    result, previous = [], 0
    for scalar, value in enumerate(values):
        if value != previous:
            result.append(f"{scalar:x}:{value:x}")
            previous = value
    return " ".join(result)


def property_data():
    """General categories, scripts and properties as the library's regular expressions see them."""
    categories = [0] * 0x110000
    for index, name in enumerate(CATEGORIES):
        if name != "Cs":
            for c in matched_by(rf"\p{{{name}}}"):
                categories[ord(c)] = index + 1
    for scalar in range(0xD800, 0xE000):
        categories[scalar] = CATEGORIES.index("Cs") + 1
    known, scripts = [], [0] * 0x110000
    for name in SCRIPTS:
        try:
            Regex(rf"\p{{{name}}}")
        except Exception:
            continue
        known.append(name)
        for c in matched_by(rf"\p{{{name}}}"):
            scripts[ord(c)] = len(known)
    unknown = CATEGORIES.index("Cn") + 1, CATEGORIES.index("Co") + 1, CATEGORIES.index("Cs") + 1
    left = [f"{s:x}" for s in range(0x110000) if scripts[s] == 0 and categories[s] not in unknown]
    print("scripts:", len(known), "characters without one:", len(left), left[:20])
    starts = "`start:number` in hexadecimal; a number holds to the next start."
    write(
        "ScalarCategoryData",
        "General categories of all Unicode scalars, see `ScalarProperties`.",
        {
            "names": (" ".join(CATEGORIES), "Names of the categories, from number 1 on."),
            "runs": (runs(categories), starts),
        },
    )
    write(
        "ScalarScriptData",
        "Scripts of all Unicode scalars, see `ScalarProperties`.",
        {"names": (" ".join(known), "Names of the scripts, from number 1 on."), "runs": (runs(scripts), starts)},
    )
    for name, properties in PROPERTIES.items():
        members = {}
        for title in properties.split():
            values = [0] * 0x110000
            for c in matched_by(rf"\p{{{title}}}"):
                values[ord(c)] = 1
            member = title[0].lower() + title[1:].replace("_", "")
            members[member] = (runs(values), "Where the property begins and ends to hold, in hexadecimal.")
        write(name, "Properties of characters that regular expressions name, see `ScalarProperties`.", members)


def case_data():
    """Which characters are the same to the library's regular expressions when case does not count."""
    newer = (*range(0x1C80, 0x1C90), *range(0xA7C0, 0xA800), *range(0x10D50, 0x10D90), *range(0x10570, 0x105C0), *range(0x16E40, 0x16EE0))
    cased = {ord(c) for c in SCALARS if c.lower() != c or c.upper() != c or c.casefold() != c} | set(newer)
    changing = [chr(c) for c in sorted(cased)]
    # Apart from each other, so that several never stand in a row.
    text = "\n".join(changing)
    groups, known = [], set()
    for c in changing:
        if c in known:
            continue
        pieces = pre_tokenizers.Split(Regex(rf"(?i)[\x{{{ord(c):x}}}]"), "removed").pre_tokenize_str(text)
        group = set(text) - set("".join(piece for piece, _ in pieces)) - {"\n"}
        if len(group) > 1:
            groups.append(sorted(group))
            known |= group
    members = {c: group[0] for group in groups for c in group}
    several = {}
    for c in changing:
        folded = c.casefold()
        found = pre_tokenizers.Split(Regex(rf"(?i)\x{{{ord(c):x}}}"), "removed").pre_tokenize_str(folded)
        if len(folded) > 1 and not found:
            several[c] = [members.get(part, part) for part in folded]
    write(
        "CaseFoldingData",
        "Characters that are one when case does not count, see `CaseFolding`.",
        {
            "groups": (
                " ".join(":".join(f"{ord(c):x}" for c in group) for group in groups),
                "The members of every group, in hexadecimal.",
            ),
            "sequences": (
                " ".join(":".join(f"{ord(x):x}" for x in (c, *parts)) for c, parts in several.items()),
                "`scalar:first:second` or one more: what several characters are the same as one.",
            ),
        },
    )


def main():
    if sys.argv[1:] == ["case"]:
        return case_data()
    property_data()
    case_data()
    if sys.argv[1:] == ["properties"]:
        return
    pairs, classes = canonical_pairs(), combining_classes()
    nfc = normalizers.NFC()
    excluded = {c for c in pairs if nfc.normalize_str(c) != c}
    seconds = {parts[1] for c, parts in pairs.items() if c not in excluded}
    vowels_and_tails = {chr(c) for c in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))}
    bits = {
        LETTER: matched_by(r"\p{L}"),
        NUMBER: matched_by(r"\p{N}"),
        SPACE: matched_by(r"\s"),
        NUMERIC: alone_after(pre_tokenizers.Digits(individual_digits=True)),
        PUNCTUATION: removed_by(pre_tokenizers.Punctuation("removed")),
        WORD: word_characters(),
        MARK: matched_by(r"\p{M}"),
        UNSTABLE: excluded | seconds | set(classes) | vowels_and_tails,
    }
    values = [0] * 0x110000
    for bit, characters in bits.items():
        for c in characters:
            values[ord(c)] |= bit
    runs, previous = [], 0
    for scalar, value in enumerate(values):
        if value != previous:
            runs.append(f"{scalar:x}:{value:x}")
            previous = value
    write(
        "ScalarClassData",
        "Character classes of all Unicode scalars, see `ScalarClass`.",
        {"runs": (" ".join(runs), "`start:class` in hexadecimal; a class holds to the next start.")},
    )
    write(
        "CanonicalData",
        "What NFC needs: canonical decompositions and combining classes.",
        {
            "decompositions": (
                " ".join(":".join(f"{ord(x):x}" for x in (c, *parts)) for c, parts in pairs.items()),
                "`scalar:first` or `scalar:first:second`, one step each, in hexadecimal.",
            ),
            "compositionExclusions": (
                " ".join(f"{ord(c):x}" for c in sorted(excluded) if len(pairs[c]) == 2),
                "Scalars with two parts that composition never makes.",
            ),
            "combiningClasses": (
                " ".join(f"{ord(c):x}:{value:x}" for c, value in classes.items()),
                "`scalar:class` of every scalar whose class is not zero, in hexadecimal.",
            ),
        },
    )


def word_characters():
    """`\\w` of Rust's regex crate: what the Whitespace pre-tokenizer keeps in one piece with a letter."""
    words = set()
    spaces = removed_by(pre_tokenizers.WhitespaceSplit())
    split = pre_tokenizers.Whitespace()
    for start in range(0, len(SCALARS), 2048):
        block = [c for c in SCALARS[start : start + 2048] if c not in spaces]
        text = " ".join("x" + c for c in block)
        words |= {piece[1] for piece, _ in split.pre_tokenize_str(text) if len(piece) == 2 and piece[0] == "x"}
    return words


if __name__ == "__main__":
    main()
