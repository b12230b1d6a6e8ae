/// Steps of a normalizer that follow each other and look at single characters, and the normalisation
/// forms between them, run as one.
///
/// What becomes of a character is worked out once for all steps and kept in a table. Characters of
/// which the neighbours matter, such as marks that a form may move or join, have no such entry: a
/// text with one of them goes through the steps one by one.
struct CharacterChain: Sendable {
  enum Link: Sendable {
    case step(CharacterStep)
    case form(NormalForm)
  }

  let links: [Link]
  /// For scalars below ``tableLimit``: what they become, or one of the codes below zero.
  private let table: FrozenArray<Int32>
  /// For ASCII: the byte that each becomes, ``special`` where it is none or more than one.
  private let ascii: FrozenArray<UInt8>
  /// UTF-8 of what takes more than one character: at `start`, with its length in the first byte.
  private let sequences: FrozenArray<UInt8>

  private static let tableLimit: UInt32 = 0x20000
  private static let special = UInt8.max
  private static let dropped: Int32 = -1
  private static let needsNeighbours: Int32 = -2
  /// A sequence at `start` has the code `firstSequence - start`.
  private static let firstSequence: Int32 = -3

  init(_ links: [Link]) {
    self.links = links
    var table = [Int32](repeating: 0, count: Int(Self.tableLimit))
    var sequences: [UInt8] = [0]
    for scalar in 0..<Self.tableLimit {
      table[Int(scalar)] = Self.code(Self.result(of: scalar, links[...]), &sequences)
    }
    ascii = FrozenArray(table[..<128].map { $0 >= 0 && $0 < 128 ? UInt8($0) : Self.special })
    self.table = FrozenArray(table)
    self.sequences = FrozenArray(sequences)
  }

  private static func code(_ result: [UInt32]?, _ sequences: inout [UInt8]) -> Int32 {
    guard let result else { return needsNeighbours }
    guard let first = result.first else { return dropped }
    if result.count == 1 { return Int32(bitPattern: first) }
    let start = sequences.count
    sequences.append(0)
    for scalar in result { UTF8Decoding.append(scalar, to: &sequences) }
    // No character becomes as much as 256 bytes but by a replacement that long.
    guard sequences.count - start <= 256 else {
      sequences.removeLast(sequences.count - start)
      return needsNeighbours
    }
    sequences[start] = UInt8(sequences.count - start - 1)
    return firstSequence - Int32(truncatingIfNeeded: start)
  }

  /// What a character becomes wherever it stands; nil when that depends on its neighbours.
  private static func result(of scalar: UInt32, _ links: ArraySlice<Link>) -> [UInt32]? {
    var current = [scalar]
    for (place, link) in zip(links.indices, links) {
      var next: [UInt32] = []
      switch link {
      case .step(let step):
        for scalar in current { step.append(scalar, to: &next) }
      case .form(let form):
        let converter = form.converter
        let rest = links[(place + 1)...]
        for scalar in current {
          let parts = converter.isInert(scalar) ? [scalar] : converter.decomposition(scalar)
          // What is made of a composing form must not join anything; marks that stay to the end
          // may have to move.
          for part in parts {
            if form.composes ? !converter.isInert(part) : !isFree(part, converter, rest) {
              return nil
            }
          }
          next += parts
        }
      }
      current = next
    }
    return current
  }

  /// Whether a character of decomposed text is no mark, or is dropped by later links.
  private static func isFree(
    _ scalar: UInt32, _ converter: NormalFormConverter, _ rest: ArraySlice<Link>
  ) -> Bool {
    converter.combiningClass(scalar) == 0 || result(of: scalar, rest)?.isEmpty == true
  }

  /// Appends what becomes of `text` to `output`; false, with nothing appended, when it stays as it is.
  func convert(_ text: UnsafeBufferPointer<UInt8>, into output: ByteBuffer, spare: ByteBuffer)
    -> Bool
  {
    guard let base = text.baseAddress else { return false }
    let start = unchangedPrefix(base, text.count)
    if start == text.count { return false }
    output.append(base, count: start)
    if convertFused(base, from: start, to: text.count, into: output) { return true }
    return convertStepwise(text, into: output, spare: spare)
  }

  /// How many bytes at the start stay as they are.
  private func unchangedPrefix(_ base: UnsafePointer<UInt8>, _ count: Int) -> Int {
    let (ascii, table) = (ascii.pointer, table.pointer)
    var offset = 0
    while offset < count {
      let first = base[offset]
      if first < 0x80 {
        if ascii[Int(first)] != first { return offset }
        offset &+= 1
      } else {
        let scalar = UTF8Decoding.scalar(in: base, at: offset)
        guard scalar.value < Self.tableLimit else { return offset }
        if table[Int(scalar.value)] != Int32(bitPattern: scalar.value) { return offset }
        offset &+= scalar.width
      }
    }
    return count
  }

  /// False when a character needs its neighbours.
  private func convertFused(
    _ base: UnsafePointer<UInt8>, from start: Int, to end: Int, into output: ByteBuffer
  ) -> Bool {
    let (ascii, table, sequences) = (ascii.pointer, table.pointer, sequences.pointer)
    var offset = start
    while offset < end {
      // Room for plain characters of a stretch, none of which grows beyond four bytes.
      let stretch = min(end &- offset, 4096)
      let limit = offset &+ stretch
      var code: Int32 = 0
      output.append(atMost: stretch &* 4 &+ 4) { target in
        var written = 0
        while offset < limit {
          let first = base[offset]
          if first < 0x80 {
            let mapped = ascii[Int(first)]
            target[written] = mapped
            if mapped == Self.special {
              code = table[Int(first)]
              offset &+= 1
              if code != Self.dropped { break }
              code = 0
              continue
            }
            written &+= 1
            offset &+= 1
          } else {
            let scalar = UTF8Decoding.scalar(in: base, at: offset)
            guard scalar.value < Self.tableLimit else {
              code = Self.needsNeighbours
              break
            }
            let value = table[Int(scalar.value)]
            if value >= 0 {
              written &+= UTF8Encoding.write(UInt32(bitPattern: value), to: target + written)
            } else if value != Self.dropped {
              code = value
              if value != Self.needsNeighbours { offset &+= scalar.width }
              break
            }
            offset &+= scalar.width
          }
        }
        return written
      }
      if code == 0 { continue }
      if code <= Self.firstSequence {
        let place = Int(Self.firstSequence &- code)
        output.append(sequences + place + 1, count: Int(sequences[place]))
      } else if code > 0 {
        output.append(UInt32(bitPattern: code))
      } else {
        let scalar = UTF8Decoding.scalar(in: base, at: offset)
        guard scalar.value >= Self.tableLimit,
          let result = Self.result(of: scalar.value, links[...])
        else { return false }
        for scalar in result { output.append(scalar) }
        offset &+= scalar.width
      }
    }
    return true
  }

  /// Runs the links one after the other over the whole text.
  private func convertStepwise(
    _ text: UnsafeBufferPointer<UInt8>, into output: ByteBuffer, spare: ByteBuffer
  ) -> Bool {
    // The result must come to lie in `output`: of an even number of links the first is copied.
    var (from, to) = (spare, output)
    output.clear()
    spare.clear()
    if let base = text.baseAddress { from.append(base, count: text.count) }
    for link in links {
      switch link {
      case .form(let form):
        if !form.converter.convert(from.bytes, into: to) { continue }
      case .step(let step):
        var made: [UInt32] = []
        guard let base = from.bytes.baseAddress else { continue }
        var offset = 0
        while offset < from.count {
          let scalar = UTF8Decoding.scalar(in: base, at: offset)
          offset += scalar.width
          made.removeAll(keepingCapacity: true)
          step.append(scalar.value, to: &made)
          for scalar in made { to.append(scalar) }
        }
      }
      swap(&from, &to)
      to.clear()
    }
    if from !== output {
      output.clear()
      if let base = from.bytes.baseAddress { output.append(base, count: from.count) }
    }
    return true
  }
}
