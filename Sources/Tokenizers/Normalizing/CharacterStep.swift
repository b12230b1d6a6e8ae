/// A step of a normalizer that turns each character into others, whatever stands around it.
enum CharacterStep: Sendable {
  /// Lowercase: the lower case of Rust's standard library.
  case lowercase
  /// StripAccents: drops all combining marks.
  case dropMarks
  /// The strip_accents of BertNormalizer, on decomposed text.
  case dropNonspacingMarks
  /// The clean_text of BertNormalizer: control characters go, white space becomes a space.
  case clean
  /// The handle_chinese_chars of BertNormalizer: spaces around Chinese characters.
  case spaceChinese
  /// Nmt: what SentencePiece's `nmt` rules do to controls and unusual spaces.
  case nmt
  /// ByteLevel: the characters of the byte-level alphabet for every byte of UTF-8.
  case byteLevel
  /// Replace with a pattern of one character.
  case replace(UInt32, with: [UInt32])

  private static let space = UInt32(UInt8(ascii: " "))

  /// Appends what becomes of `scalar` to `result`.
  func append(_ scalar: UInt32, to result: inout [UInt32]) {
    switch self {
    case .lowercase:
      if let lower = CharacterTables.lowercase[scalar] {
        result += lower
      } else {
        result.append(scalar)
      }
    case .dropMarks:
      if CharacterTables.marks[scalar] == 0 { result.append(scalar) }
    case .dropNonspacingMarks:
      if CharacterTables.nonspacingMarks[scalar] == 0 { result.append(scalar) }
    case .clean:
      if CharacterTables.controls[scalar] != 0 { return }
      let isSpace = ScalarClassTable.shared.view[scalar].contains(.space)
      result.append(isSpace ? Self.space : scalar)
    case .spaceChinese:
      if Self.isChinese(scalar) {
        result += [Self.space, scalar, Self.space]
      } else {
        result.append(scalar)
      }
    case .nmt:
      if let mapped = Self.nmt(scalar) { result.append(mapped) }
    case .byteLevel:
      var bytes: [UInt8] = []
      UTF8Decoding.append(scalar, to: &bytes)
      for byte in bytes { result.append(ByteAlphabet.shared.scalars.pointer[Int(byte)]) }
    case .replace(let wanted, let content):
      if scalar == wanted { result += content } else { result.append(scalar) }
    }
  }

  /// The blocks of ideographs that BERT sets apart.
  private static func isChinese(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
      0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }

  private static func nmt(_ scalar: UInt32) -> UInt32? {
    switch scalar {
    case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x8F, 0x9F: nil
    case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD:
      space
    default: scalar
    }
  }
}

/// What character steps look up.
private enum CharacterTables {
  static let lowercase: [UInt32: [UInt32]] = {
    var table: [UInt32: [UInt32]] = [:]
    for row in HexadecimalTable.rows(of: LowercaseData.mappings) where row.count > 1 {
      table[row[0]] = Array(row[1...])
    }
    return table
  }()
  static let marks = ScalarValueTable(runs: NormalizerSetData.marks)
  static let nonspacingMarks = ScalarValueTable(runs: NormalizerSetData.nonspacingMarks)
  static let controls = ScalarValueTable(runs: NormalizerSetData.controls)
}
