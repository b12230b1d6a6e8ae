/// What pre-tokenizers ask about a character.
struct ScalarClass: OptionSet {
  let rawValue: UInt8

  /// `\p{L}` of regular expressions.
  static let letter = ScalarClass(rawValue: 1)
  /// `\p{N}` of regular expressions.
  static let number = ScalarClass(rawValue: 2)
  /// `\s`: White_Space.
  static let space = ScalarClass(rawValue: 4)
  /// What the Digits stage calls a digit.
  static let numeric = ScalarClass(rawValue: 8)
  /// What the Punctuation stage splits at.
  static let punctuation = ScalarClass(rawValue: 16)
  /// `\w` of the Whitespace stage and of added tokens that are single words.
  static let word = ScalarClass(rawValue: 32)
  /// `\p{M}` of regular expressions.
  static let mark = ScalarClass(rawValue: 64)
  /// Text without such characters is in NFC.
  static let unstable = ScalarClass(rawValue: 128)
}

/// Classes of all Unicode scalars in two steps: block of 256, then place in the block.
struct ScalarClassTable: Sendable {
  private let blockOffsets: FrozenArray<UInt32>
  private let classes: FrozenArray<UInt8>

  /// The one table; it depends on nothing but `ScalarClassData`.
  static let shared = ScalarClassTable()

  private init() {
    let scalarCount = 0x110000
    var flat = [UInt8](repeating: 0, count: scalarCount)
    var start = 0
    var value: UInt8 = 0
    for run in HexadecimalTable.rows(of: ScalarClassData.runs) where run.count == 2 {
      let next = Int(run[0])
      for scalar in start..<next { flat[scalar] = value }
      (start, value) = (next, UInt8(truncatingIfNeeded: run[1]))
    }
    for scalar in start..<scalarCount { flat[scalar] = value }

    var offsets: [UInt32] = []
    var blocks: [UInt8] = []
    var known: [ArraySlice<UInt8>: UInt32] = [:]
    for block in stride(from: 0, to: scalarCount, by: 256) {
      let content = flat[block..<block + 256]
      let offset = known[content] ?? UInt32(blocks.count)
      if known.updateValue(offset, forKey: content) == nil { blocks += content }
      offsets.append(offset)
    }
    blockOffsets = FrozenArray(offsets)
    classes = FrozenArray(blocks)
  }

  /// Pointers for loops; valid while the table lives.
  var view: View { View(blockOffsets: blockOffsets.pointer, classes: classes.pointer) }

  struct View {
    fileprivate let blockOffsets: UnsafePointer<UInt32>
    fileprivate let classes: UnsafePointer<UInt8>

    /// Class of a Unicode scalar, which must be below 0x110000.
    @inline(__always)
    subscript(scalar: UInt32) -> ScalarClass {
      // The first block stands first, so Latin-1 needs one step only.
      if scalar < 256 { return ScalarClass(rawValue: classes[Int(scalar)]) }
      let offset = Int(blockOffsets[Int(scalar >> 8)])
      return ScalarClass(rawValue: classes[offset + Int(scalar & 255)])
    }
  }
}
