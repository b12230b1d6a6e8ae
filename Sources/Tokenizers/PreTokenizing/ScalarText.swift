/// Text as a row of characters at byte offsets.
///
/// Pre-tokenizers read it in two forms: before the ByteLevel stage as UTF-8, after it as one
/// character of the byte-level alphabet for each byte. Offsets count bytes in both.
protocol ScalarText {
  /// The character at `offset`, and where the next one starts.
  func scalar(at offset: Int) -> (value: UInt32, next: Int)
  /// Where the character that ends at `offset` starts; `offset` is above zero.
  func start(before offset: Int) -> Int
  /// The class of the character at `offset`, and where the next one starts.
  func scalarClass(at offset: Int) -> (value: ScalarClass, next: Int)
  var classes: ScalarClassTable.View { get }
}

extension ScalarText {
  /// Where the run of characters of any of `wanted` that starts at `start` ends.
  @inline(__always)
  func endOfRun(of wanted: ScalarClass, from start: Int, to end: Int) -> Int {
    var offset = start
    while offset < end {
      let current = scalarClass(at: offset)
      if current.value.isDisjoint(with: wanted) { break }
      offset = current.next
    }
    return offset
  }

  /// Where the run of characters of none of `unwanted` that starts at `start` ends.
  @inline(__always)
  func endOfRun(outside unwanted: ScalarClass, from start: Int, to end: Int) -> Int {
    var offset = start
    while offset < end {
      let current = scalarClass(at: offset)
      if !current.value.isDisjoint(with: unwanted) { break }
      offset = current.next
    }
    return offset
  }
}

/// Valid UTF-8.
struct UTF8Text: ScalarText {
  let bytes: UnsafePointer<UInt8>
  let classes: ScalarClassTable.View
  /// Classes of ASCII, see ``ByteClasses``.
  let byteClasses: UnsafePointer<UInt8>

  @inline(__always)
  init(bytes: UnsafePointer<UInt8>) {
    self.bytes = bytes
    classes = ScalarClassTable.shared.view
    byteClasses = ByteClasses.shared.plain.pointer
  }

  @inline(__always)
  func scalar(at offset: Int) -> (value: UInt32, next: Int) {
    let scalar = UTF8Decoding.scalar(in: bytes, at: offset)
    return (scalar.value, offset &+ scalar.width)
  }

  @inline(__always)
  func scalarClass(at offset: Int) -> (value: ScalarClass, next: Int) {
    let first = bytes[offset]
    if first < 0x80 { return (ScalarClass(rawValue: byteClasses[Int(first)]), offset &+ 1) }
    let scalar = UTF8Decoding.scalar(in: bytes, at: offset)
    return (classes[scalar.value], offset &+ scalar.width)
  }

  func start(before offset: Int) -> Int { UTF8Decoding.start(in: bytes, before: offset) }
}

/// Bytes seen through the byte-level alphabet.
struct ByteLevelText: ScalarText {
  let bytes: UnsafePointer<UInt8>
  let alphabet: UnsafePointer<UInt32>
  let classes: ScalarClassTable.View
  /// Classes of all bytes, see ``ByteClasses``.
  let byteClasses: UnsafePointer<UInt8>

  @inline(__always)
  init(bytes: UnsafePointer<UInt8>) {
    self.bytes = bytes
    alphabet = ByteAlphabet.shared.scalars.pointer
    classes = ScalarClassTable.shared.view
    byteClasses = ByteClasses.shared.mapped.pointer
  }

  @inline(__always)
  func scalar(at offset: Int) -> (value: UInt32, next: Int) {
    (alphabet[Int(bytes[offset])], offset &+ 1)
  }

  @inline(__always)
  func scalarClass(at offset: Int) -> (value: ScalarClass, next: Int) {
    (ScalarClass(rawValue: byteClasses[Int(bytes[offset])]), offset &+ 1)
  }

  func start(before offset: Int) -> Int { offset - 1 }
}
