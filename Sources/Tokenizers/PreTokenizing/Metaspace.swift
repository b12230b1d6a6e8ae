/// The Metaspace stage: writes spaces as a visible character and may cut before each.
struct Metaspace: Sendable {
  /// Where a space is written in front of a piece that has none.
  enum Prepending: String, Sendable {
    case always
    /// Only in front of what comes from the start of the document.
    case first
    case never
  }

  /// The character that stands for a space, in UTF-8.
  let replacement: [UInt8]
  let prepends: Prepending
  let cuts: Bool

  /// Appends a piece with its spaces replaced to `output`; returns how many bytes were put in front.
  ///
  /// - Parameter isFirst: whether the piece comes from the start of the document.
  func write(
    _ piece: UnsafePointer<UInt8>, count: Int, isFirst: Bool, to output: ByteBuffer
  ) -> Int {
    let space = UInt8(ascii: " ")
    let isMarked = piece[0] == space || starts(piece, count)
    let prepended: Bool =
      switch prepends {
      case .always: !isMarked
      case .first: !isMarked && isFirst
      case .never: false
      }
    return replacement.withUnsafeBufferPointer { mark in
      guard let key = mark.baseAddress else { return 0 }
      let width = mark.count
      if prepended { output.append(key, count: width) }
      output.append(atMost: count * width) { target in
        var written = 0
        for place in 0..<count {
          let byte = piece[place]
          if byte == space {
            for part in 0..<width { target[written &+ part] = key[part] }
            written &+= width
          } else {
            target[written] = byte
            written &+= 1
          }
        }
        return written
      }
      return prepended ? width : 0
    }
  }

  private func starts(_ piece: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    guard count >= replacement.count else { return false }
    for (place, byte) in replacement.enumerated() where piece[place] != byte { return false }
    return true
  }

  /// Where the word that starts at `start` ends: before the next mark.
  func endOfWord(_ base: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int {
    replacement.withUnsafeBufferPointer { mark in
      guard let key = mark.baseAddress else { return end }
      let width = mark.count
      let first = key[0]
      var offset = start &+ 1
      while offset &+ width <= end {
        if base[offset] == first {
          var place = 1
          while place < width, base[offset &+ place] == key[place] { place &+= 1 }
          if place == width { return offset }
        }
        offset &+= 1
      }
      return end
    }
  }
}
