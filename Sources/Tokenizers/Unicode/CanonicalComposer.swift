/// Normalisation form C of Unicode (UAX 15), as Hugging Face's `tokenizers` does it.
///
/// That library's tables are older than Swift's, and ids must not depend on the machine, so the
/// tables are generated from it: see scripts/make_unicode_tables.py.
struct CanonicalComposer: Sendable {
  let decompositions: [UInt32: (first: UInt32, second: UInt32?)]
  let compositions: [UInt64: UInt32]
  let combiningClasses: [UInt32: UInt8]
  /// For scalars below ``quickLimit``: the combining class of those that NFC may only move, zero for
  /// those that it leaves alone, `mayChange` for all others.
  private let quick: FrozenArray<UInt8>
  private static let quickLimit: UInt32 = 0x20000
  private static let mayChange = UInt8.max

  static let shared = CanonicalComposer()

  private init() {
    var decompositions: [UInt32: (first: UInt32, second: UInt32?)] = [:]
    var compositions: [UInt64: UInt32] = [:]
    let excluded = Set(
      HexadecimalTable.rows(of: CanonicalData.compositionExclusions).compactMap(\.first))
    for row in HexadecimalTable.rows(of: CanonicalData.decompositions) where row.count > 1 {
      decompositions[row[0]] = (row[1], row.count > 2 ? row[2] : nil)
      if row.count > 2, !excluded.contains(row[0]) {
        compositions[Self.key(row[1], row[2])] = row[0]
      }
    }
    var classes: [UInt32: UInt8] = [:]
    for row in HexadecimalTable.rows(of: CanonicalData.combiningClasses) where row.count == 2 {
      classes[row[0]] = UInt8(truncatingIfNeeded: row[1])
    }
    self.decompositions = decompositions
    self.compositions = compositions
    combiningClasses = classes
    quick = FrozenArray(Self.quickTable(decompositions, compositions, classes))
  }

  private static func quickTable(
    _ decompositions: [UInt32: (first: UInt32, second: UInt32?)], _ compositions: [UInt64: UInt32],
    _ classes: [UInt32: UInt8]
  ) -> [UInt8] {
    var quick = [UInt8](repeating: 0, count: Int(quickLimit))
    for (scalar, value) in classes where scalar < quickLimit { quick[Int(scalar)] = value }
    let made = Set(compositions.values)
    for scalar in decompositions.keys where scalar < quickLimit && !made.contains(scalar) {
      quick[Int(scalar)] = mayChange
    }
    // What can join the character before it.
    for key in compositions.keys where key & 0xFFFF_FFFF < UInt64(quickLimit) {
      quick[Int(key & 0xFFFF_FFFF)] = mayChange
    }
    for scalar in Hangul.joining { quick[Int(scalar)] = mayChange }
    return quick
  }

  @inline(__always)
  private func quickValue(_ scalar: UInt32) -> UInt8 {
    scalar < Self.quickLimit ? quick.pointer[Int(scalar)] : Self.mayChange
  }

  private static func key(_ first: UInt32, _ second: UInt32) -> UInt64 {
    UInt64(first) << 32 | UInt64(second)
  }

  /// Whether valid UTF-8 is in NFC for certain: only characters that stay as they are, with their
  /// marks in order. Most text is, and it is quick to see.
  func isPlainlyComposed(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = text.baseAddress else { return true }
    let classes = ScalarClassTable.shared.view
    let raw = UnsafeRawPointer(base)
    var offset = 0
    var last: UInt8 = 0
    while offset < text.count {
      while offset + 8 <= text.count,
        raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
      {
        offset += 8
        last = 0
      }
      if offset >= text.count { break }
      let scalar = UTF8Decoding.scalar(in: base, at: offset)
      offset += scalar.width
      if scalar.value < 0x300 || !classes[scalar.value].contains(.unstable) {
        last = 0
        continue
      }
      let value = quickValue(scalar.value)
      if value == Self.mayChange || value < last { return false }
      last = value
    }
    return true
  }

  /// `text` in NFC; valid UTF-8 in, valid UTF-8 out.
  func composed(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    guard let base = text.baseAddress else { return [] }
    let classes = ScalarClassTable.shared.view
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var segment: [(scalar: UInt32, combiningClass: UInt8)] = []
    var copied = 0
    var lastStable = 0
    var lastClass: UInt8 = 0
    var offset = 0
    while offset < text.count {
      let scalar = UTF8Decoding.scalar(in: base, at: offset)
      if !classes[scalar.value].contains(.unstable) {
        lastStable = offset
        lastClass = 0
        offset += scalar.width
        continue
      }
      let value = quickValue(scalar.value)
      if value != Self.mayChange, value >= lastClass {
        lastClass = value
        offset += scalar.width
        continue
      }
      // A stable character joins only with what follows it: everything before stays as it is.
      result.append(
        contentsOf: UnsafeBufferPointer(start: base + copied, count: lastStable - copied))
      offset = lastStable
      while offset < text.count {
        let scalar = UTF8Decoding.scalar(in: base, at: offset)
        if offset > lastStable, !classes[scalar.value].contains(.unstable) { break }
        decompose(scalar.value, into: &segment)
        offset += scalar.width
      }
      flush(&segment, into: &result)
      copied = offset
      lastStable = offset
      lastClass = 0
    }
    result.append(
      contentsOf: UnsafeBufferPointer(start: base + copied, count: text.count - copied))
    return result
  }

  private func decompose(
    _ scalar: UInt32, into segment: inout [(scalar: UInt32, combiningClass: UInt8)]
  ) {
    if let parts = Hangul.parts(of: scalar) {
      for part in parts { segment.append((part, 0)) }
    } else if let parts = decompositions[scalar] {
      decompose(parts.first, into: &segment)
      if let second = parts.second { decompose(second, into: &segment) }
    } else {
      segment.append((scalar, combiningClasses[scalar] ?? 0))
    }
  }

  /// Orders, composes and writes out a segment.
  private func flush(
    _ segment: inout [(scalar: UInt32, combiningClass: UInt8)], into result: inout [UInt8]
  ) {
    defer { segment.removeAll(keepingCapacity: true) }
    if segment.count > 1 {
      order(&segment)
      compose(&segment)
    }
    for element in segment { UTF8Decoding.append(element.scalar, to: &result) }
  }

  /// Sorts runs of non-starters by class, keeping equal classes in place.
  func order(_ segment: inout [(scalar: UInt32, combiningClass: UInt8)]) {
    var start = 0
    while start < segment.count {
      if segment[start].combiningClass == 0 {
        start += 1
        continue
      }
      var end = start
      while end < segment.count, segment[end].combiningClass != 0 { end += 1 }
      let sorted = segment[start..<end].enumerated().sorted {
        ($0.element.combiningClass, $0.offset) < ($1.element.combiningClass, $1.offset)
      }
      segment.replaceSubrange(start..<end, with: sorted.map(\.element))
      start = end
    }
  }

  func compose(_ segment: inout [(scalar: UInt32, combiningClass: UInt8)]) {
    var kept = 0
    var starter: Int?
    var lastClass = 0
    for index in segment.indices {
      let element = segment[index]
      if let place = starter, lastClass < Int(element.combiningClass) || lastClass == -1,
        let joined = composition(segment[place].scalar, element.scalar)
      {
        segment[place].scalar = joined
        continue
      }
      if element.combiningClass == 0 {
        starter = kept
        // -1: nothing stands between the starter and the next character.
        lastClass = -1
      } else {
        lastClass = Int(element.combiningClass)
      }
      segment[kept] = element
      kept += 1
    }
    segment.removeLast(segment.count - kept)
  }

  private func composition(_ first: UInt32, _ second: UInt32) -> UInt32? {
    Hangul.joined(first, second) ?? compositions[Self.key(first, second)]
  }
}
