"""SentencePiece's compiled character maps: a double array that finds keys, then the replacements.

The first four bytes give the size of the array in bytes. Each unit of the array has the byte that
leads to it in its lower eight bits, bit 8 if a key ends there, and from bit 10 on where its children
are; the unit of a value has bit 31.
"""
import struct

VALUE = 1 << 31


def compiled(mapping):
    """The character map, as bytes, that replaces the keys of `mapping` by its values."""
    texts, blob = {}, bytearray()
    for value in mapping.values():
        if value not in texts:
            texts[value] = len(blob)
            blob += value.encode() + b"\0"
    root = {}
    for key, value in mapping.items():
        node = root
        for byte in key.encode():
            node = node.setdefault(byte, {})
        node[-1] = texts[value]
    units, leaves, waiting, blocks = {}, [], [(root, 0, 0)], 0
    while waiting:
        node, place, label = waiting.pop()
        if list(node) == [-1]:
            leaves.append((node[-1], place, label))
            continue
        # Every node has its children in a block of its own: simple, and large.
        blocks += 1
        base = blocks << 8
        units[place] = label | (-1 in node) << 8 | (place ^ base) << 10
        for byte, child in node.items():
            if byte < 0:
                units[base] = VALUE | child
            else:
                waiting.append((child, base ^ byte, byte))
    for number, (value, place, label) in enumerate(leaves):
        # Nothing follows here, so values may stand side by side.
        base = (blocks + 1 << 8) + number
        units[place] = label | 1 << 8 | (place ^ base) << 10
        units[base] = VALUE | value
    size = (max(units) >> 8) + 1 << 8
    assert size < 1 << 21
    # A label that no byte has keeps unused units from being taken for children.
    array = [units.get(place, VALUE | 0xFF) for place in range(size)]
    return struct.pack(f"<{size + 1}I", size * 4, *array) + bytes(blob)
