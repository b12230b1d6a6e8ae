public import Store
public import TensorKit

/// One file of a cache: the kept tokens of some chunks in a row.
///
/// Columns: `chunk_positions` and `chunk_entries` [chunks + 1], where each chunk's positions and
/// entries begin; `position_entries` [positions], how many tokens each position keeps; `entropies`
/// [positions] in nats; `tokens` [entries] in 16 bits, with their upper 8 bits in `tokens_high` where
/// the vocabulary needs them; and `draws` [entries] in 8 or 16 bits, or `probabilities` [entries].
public final class LogitCachePart {
  private let file: SafetensorsFile
  private let manifest: LogitCacheManifest
  private let chunkPositions: [Int64]
  private let chunkEntries: [Int64]
  private let positionEntries: [UInt16]
  private let entropies: [Float]

  /// Opens and checks a part of `manifest`'s cache.
  ///
  /// - Throws: `StoreError` for a damaged file, `DistillationError.cache` for one of another cache.
  public init(path: String, part: Int, of manifest: LogitCacheManifest) throws {
    self.manifest = manifest
    file = try SafetensorsFile(path: path)
    chunkPositions = try file.values(of: "chunk_positions")
    chunkEntries = try file.values(of: "chunk_entries")
    positionEntries = try file.values(of: "position_entries")
    entropies = try file.values(of: "entropies")
    let count = manifest.chunks(ofPart: part).count
    let entries = positionEntries.reduce(0) { $0 + Int64($1) }
    let sorted = [chunkPositions, chunkEntries].allSatisfy {
      $0.count == count + 1 && $0.first == 0 && zip($0, $0.dropFirst()).allSatisfy { $0 <= $1 }
    }
    guard sorted, chunkPositions.last == Int64(entropies.count),
      positionEntries.count == entropies.count, chunkEntries.last == entries,
      file["tokens"]?.shape == [Int(entries)]
    else {
      throw DistillationError.cache(
        path: path, found: "columns that do not fit together",
        expected: "those of \(count) chunks", advice: "Remove the file and make it again.")
    }
  }

  /// Positions and kept tokens of the part.
  public var size: (positions: Int, entries: Int) {
    (entropies.count, Int(chunkEntries.last ?? 0))
  }

  /// Appends the first `positions` positions of a chunk.
  ///
  /// - Parameter chunk: counted from the part's first.
  /// - Throws: `DistillationError.cache` where it keeps fewer, `StoreError`.
  func append(_ chunk: Int, positions: Int, to tokens: inout WeightedTokens) throws {
    let first = Int(chunkPositions[chunk])
    guard first + positions <= Int(chunkPositions[chunk + 1]) else {
      throw DistillationError.cache(
        path: file.path, found: "a chunk of \(Int(chunkPositions[chunk + 1]) - first) positions",
        expected: "the \(positions) that the run reads",
        advice: "Use the --chunk-tokens of the cache, or make it again.")
    }
    let start = Int(chunkEntries[chunk])
    var end = start
    for position in first..<first + positions {
      end += Int(positionEntries[position])
      tokens.offsets.append(tokens.tokens.count + end - start)
    }
    tokens.entropies.append(contentsOf: entropies[first..<first + positions])
    let low: [UInt16] = try column("tokens", start..<end)
    let high: [UInt8]? = file["tokens_high"] == nil ? nil : try column("tokens_high", start..<end)
    for place in low.indices {
      tokens.tokens.append(Int32(low[place]) | Int32(high?[place] ?? 0) << 16)
    }
    try appendWeights(start..<end, to: &tokens)
  }

  private func appendWeights(_ range: Range<Int>, to tokens: inout WeightedTokens) throws {
    guard case .draws(let count, _)? = manifest.teacher.cache else {
      let probabilities: [Float] = try column("probabilities", range)
      tokens.weights.append(contentsOf: probabilities)
      return
    }
    let whole = Float(count)
    if count <= Int(UInt8.max) {
      let draws: [UInt8] = try column("draws", range)
      for value in draws { tokens.weights.append(Float(value) / whole) }
    } else {
      let draws: [UInt16] = try column("draws", range)
      for value in draws { tokens.weights.append(Float(value) / whole) }
    }
  }

  /// A part of a column.
  private func column<T: FixedWidthElement>(_ name: String, _ range: Range<Int>) throws -> [T] {
    let bytes = try file.bytes(of: name, as: T.self)
    let size = MemoryLayout<T>.size
    guard range.upperBound * size <= bytes.count else {
      throw DistillationError.cache(
        path: file.path, found: "\(bytes.count / size) values of \(name)",
        expected: "at least \(range.upperBound)", advice: "Remove the file and make it again.")
    }
    return [T](unsafeUninitializedCapacity: range.count) { buffer, filled in
      UnsafeMutableRawBufferPointer(buffer).copyMemory(
        from: UnsafeRawBufferPointer(
          rebasing: bytes[range.lowerBound * size..<range.upperBound * size]))
      filled = range.count
    }
  }
}

extension LogitCachePart {
  /// Writes a part: `tokens` of chunks with so many positions each.
  ///
  /// - Throws: `StoreError`.
  public static func write(
    _ tokens: WeightedTokens, positions: [Int], of manifest: LogitCacheManifest, to path: String
  ) throws(StoreError) {
    var (chunkPositions, chunkEntries): ([Int64], [Int64]) = ([0], [0])
    for count in positions {
      let end = Int(chunkPositions[chunkPositions.count - 1]) + count
      chunkPositions.append(Int64(end))
      chunkEntries.append(Int64(tokens.offsets[end]))
    }
    let counts = (0..<tokens.count).map { UInt16(tokens.entries(of: $0).count) }
    var columns: [any PartColumn] = [
      Column("chunk_positions", chunkPositions), Column("chunk_entries", chunkEntries),
      Column("position_entries", counts), Column("entropies", tokens.entropies),
      Column("tokens", tokens.tokens.map { UInt16(truncatingIfNeeded: $0) }),
    ]
    if manifest.vocabularySize > Int(UInt16.max) + 1 {
      columns.append(
        Column("tokens_high", tokens.tokens.map { UInt8(truncatingIfNeeded: $0 >> 16) }))
    }
    if case .draws(let count, _)? = manifest.teacher.cache {
      let draws = tokens.weights.map { ($0 * Float(count)).rounded() }
      if count <= Int(UInt8.max) {
        columns.append(Column("draws", draws.map { UInt8($0) }))
      } else {
        columns.append(Column("draws", draws.map { UInt16($0) }))
      }
    } else {
      columns.append(Column("probabilities", tokens.weights))
    }
    var writer = try SafetensorsWriter(replacing: path, tensors: columns.map(\.declaration))
    do throws(StoreError) {
      for column in columns { try column.write(to: &writer) }
      try writer.commit()
    } catch {
      writer.discard()
      throw error
    }
  }
}

/// A column on its way to a file.
private protocol PartColumn {
  var declaration: SafetensorsWriter.Declaration { get }
  func write(to writer: inout SafetensorsWriter) throws(StoreError)
}

private struct Column<Element: FixedWidthElement>: PartColumn {
  let name: String
  let values: [Element]

  init(_ name: String, _ values: [Element]) {
    self.name = name
    self.values = values
  }

  var declaration: SafetensorsWriter.Declaration {
    .init(name: name, type: Element.elementType, shape: [values.count])
  }

  func write(to writer: inout SafetensorsWriter) throws(StoreError) { try writer.write(values) }
}
