import Glibc
import Store
import TensorKit

/// One tensor of a GGUF file, as transformers has it.
struct GGUFTensor: StoredTensor {
  let file: GGUFFile
  let info: GGUFTensorInfo
  let name: String
  let shape: [Int]
  private let form: GGUFNames.Form
  private let encoding: GGUFEncoding?

  init(file: GGUFFile, info: GGUFTensorInfo, _ place: GGUFNames.Place) {
    self.file = file
    self.info = info
    (name, shape, form) = (place.name, place.shape, place.form)
    encoding = GGUFEncoding(info.type)
  }

  var elementType: String { info.typeName }
  var isReadable: Bool { encoding != nil }
  var readableTypes: String { "one of \(GGUFEncoding.list)" }
  var byteCount: Int { info.range.count }

  func read(_ range: Range<Int>, to target: UnsafeMutablePointer<Float>, ops: Ops) {
    read(range, to: target, parallel: ops)
  }

  func values(_ range: Range<Int>) -> [Float] {
    [Float](unsafeUninitializedCapacity: range.count) { buffer, count in
      if let target = buffer.baseAddress { read(range, to: target, parallel: nil) }
      count = range.count
    }
  }

  func hasBytes(_ range: Range<Int>, of other: any StoredTensor) -> Bool {
    guard let other = other as? GGUFTensor, other.form == form else { return false }
    defer {
      file.release(range, of: info)
      other.file.release(range, of: other.info)
    }
    return file.withBytes(range, of: info) { own in
      other.file.withBytes(range, of: other.info) { theirs in
        guard let own = own.baseAddress, let theirs = theirs.baseAddress else {
          return range.isEmpty
        }
        return memcmp(own, theirs, range.count) == 0
      }
    }
  }
}

// Reading.
extension GGUFTensor {
  /// Values read at a time.
  private static let pieceCount = 1 << 20

  private func read(
    _ range: Range<Int>, to target: UnsafeMutablePointer<Float>, parallel ops: Ops?
  ) {
    guard let encoding else { return }
    if case .interleavedHeads(let heads) = form {
      return readHeads(range, encoding, heads: heads, to: target, ops)
    }
    for first in stride(from: range.lowerBound, to: range.upperBound, by: Self.pieceCount) {
      let piece = first..<min(range.upperBound, first + Self.pieceCount)
      let output = target + (first - range.lowerBound)
      decode(piece, encoding, to: output, ops)
      file.release(encoding.bytes(of: piece), of: info)
      guard form == .decay else { continue }
      // In double precision: what the exponential rounded away is the only loss.
      for index in 0..<piece.count { output[index] = Float(log(-Double(output[index]))) }
    }
  }

  /// Values `range` in the order of transformers, whose rows of a head are the even ones of the file,
  /// then the odd ones.
  private func readHeads(
    _ range: Range<Int>, _ encoding: GGUFEncoding, heads: Int,
    to target: UnsafeMutablePointer<Float>, _ ops: Ops?
  ) {
    let columns = shape.dropFirst().reduce(1, *)
    let size = shape[0] / heads
    guard columns > 0, size > 0, !range.isEmpty else { return }
    for head in range.lowerBound / columns / size...(range.upperBound - 1) / columns / size {
      let rows =
        max(
          range.lowerBound / columns, head * size)..<min(
          (range.upperBound + columns - 1) / columns, (head + 1) * size)
      func readRow(_ row: Int) {
        let (half, place) = ((row - head * size) / (size / 2), (row - head * size) % (size / 2))
        let source = (head * size + 2 * place + half) * columns
        // The first and the last row may be asked for in part.
        let first = max(range.lowerBound, row * columns)
        let end = min(range.upperBound, (row + 1) * columns)
        decode(
          source + first - row * columns..<source + end - row * columns, encoding,
          to: target + (first - range.lowerBound), nil)
      }
      if let ops {
        ops.pool.run(rows.count) { readRow(rows.lowerBound + $0) }
      } else {
        for row in rows { readRow(row) }
      }
      file.release(
        encoding.bytes(of: head * size * columns..<(head + 1) * size * columns), of: info)
    }
  }

  /// Values `range` in the order of the file.
  private func decode(
    _ range: Range<Int>, _ encoding: GGUFEncoding, to target: UnsafeMutablePointer<Float>,
    _ ops: Ops?
  ) {
    let unit = encoding.unit.values
    let whole = (range.lowerBound + unit - 1) / unit * unit..<range.upperBound / unit * unit
    if whole.lowerBound < whole.upperBound {
      file.withBytes(encoding.bytes(of: whole), of: info) { bytes in
        encoding.decode(
          bytes, to: target + (whole.lowerBound - range.lowerBound), count: whole.count / unit, ops)
      }
    }
    // What begins or ends inside a block.
    var place = range.lowerBound
    while place < range.upperBound {
      if place == whole.lowerBound, whole.lowerBound < whole.upperBound {
        place = whole.upperBound
        continue
      }
      let block = place / unit * unit
      let values = file.withBytes(encoding.bytes(of: block..<block + unit), of: info) { bytes in
        [Float](unsafeUninitializedCapacity: unit) { buffer, count in
          if let start = buffer.baseAddress { encoding.decode(bytes, to: start, count: 1, nil) }
          count = unit
        }
      }
      let end = min(range.upperBound, block + unit)
      for index in place..<end { target[index - range.lowerBound] = values[index - block] }
      place = end
    }
  }
}
