#!/usr/bin/env python3
"""Prints Sources/TerminalUI/Text/WideRanges.swift: code points of two columns.

Source: East_Asian_Width W and F of the Unicode data that comes with Python. Unassigned code points
inside a wide block count as wide, as UAX 11 says.
"""
import unicodedata

ranges = []
for code in range(0x1100, 0x3FFFE):
    if unicodedata.east_asian_width(chr(code)) not in "WF" or code in range(0x1F1E6, 0x1F200):
        continue
    if ranges and ranges[-1][1] == code - 1:
        ranges[-1][1] = code
    else:
        ranges.append([code, code])

print("// Made by scripts/make_wide_ranges.py; do not edit.")
print(f"// East Asian Wide and Fullwidth code points, Unicode {unicodedata.unidata_version}.")
print()
print("enum WideRanges {")
print("  /// Sorted, disjoint, inclusive.")
print("  static let all: [ClosedRange<UInt32>] = [")
line = "   "
for first, last in ranges:
    item = f" 0x{first:04X}...0x{last:04X},"
    if len(line) + len(item) > 98:
        print(line)
        line = "   "
    line += item
print(line)
print("  ]")
print("}")
