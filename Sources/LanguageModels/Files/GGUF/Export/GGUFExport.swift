import Glibc
import Store
public import TensorKit
import Tokenizers

/// A model as one GGUF file, which llama.cpp runs and `ModelFolder` reads back: with F32 weights the
/// same bits, but for a Mamba's A_log, of which -exp(A_log) is stored.
///
/// Source: what `GGUFConfiguration` and `GGUFNames` read, turned round; llama.cpp's converter.
public struct GGUFExport {
  /// Bytes of the file.
  public let byteCount: Int
  /// What a person should know, a sentence each.
  public let remarks: [String]
  /// Number of tensors.
  public var tensorCount: Int { parts.count }

  private let metadata: [GGUFWriter.Entry]
  private let parts: [Part]

  /// A tensor of the file and where its values come from.
  private struct Part {
    enum Source {
      case stored(any StoredTensor, GGUFNames.Form)
      case values([Float])
    }

    let declaration: GGUFWriter.Declaration
    let source: Source
  }

  /// Plans the file; nothing is written.
  ///
  /// - Parameters:
  ///   - folder: a model folder or a GGUF file.
  ///   - tokenizer: where the tokenizer lies; nil: none goes into the file.
  ///   - name: `general.name`.
  /// - Throws: `ModelError` for a model that cannot be read, or not be written so; `TokenizerError`.
  public init(
    _ folder: ModelFolder, as type: GGUFWeightType, tokenizer: String?, name: String
  ) throws {
    let examined = try folder.examine()
    let configuration = examined.configuration
    let settings = try GGUFSettings(configuration, name: name, type)
    let ends = try folder.endsOfText().map { Int($0) }
    let special = configuration.specialTokens
    var remarks = settings.remarks
    var metadata = settings.entries
    if let tokenizer {
      let vocabulary = try GGUFVocabularyExport(
        path: tokenizer, rows: configuration.vocabularySize, beginning: special.beginning,
        ends: ends)
      metadata += vocabulary.entries
      remarks += vocabulary.remarks
    } else {
      metadata.append(.init("tokenizer.ggml.model", .text("none")))
    }
    // A vocabulary that is missing names no tokens, and the model's are known all the same.
    for (key, id) in [("bos", special.beginning), ("eos", ends.first)] {
      let name = "tokenizer.ggml.\(key)_token_id"
      guard let id, id >= 0, !metadata.contains(where: { $0.key == name }) else { continue }
      metadata.append(.init(name, .uint32(UInt32(clamping: id))))
    }
    var parts: [Part] = []
    if let divisors = settings.divisors {
      parts.append(
        Part(
          declaration: .init(name: "rope_freqs.weight", type: .f32, shape: [divisors.count]),
          source: .values(divisors)))
    }
    var widened = 0
    for entry in examined.table.entries where entry.tiedTo == nil {
      let (part, isWidened) = try Self.part(entry, examined, type)
      parts.append(part)
      if isWidened { widened += 1 }
    }
    if widened > 0 {
      remarks.append(
        "\(widened) matrices have rows of no multiple of 32 values and stay F16 instead of Q8_0")
    }
    self.metadata = metadata
    self.parts = parts
    self.remarks = remarks
    byteCount = GGUFWriter.byteCount(metadata: metadata, tensors: parts.map(\.declaration))
  }

  private static func part(
    _ entry: ParameterTable.Entry, _ examined: ModelExamination, _ type: GGUFWeightType
  ) throws(ModelError) -> (Part, isWidened: Bool) {
    let names = GGUFNames(examined.configuration.family)
    guard let stored = examined.weights.stored(for: entry, in: examined.table),
      let name = names.fileName(of: entry.name)
    else {
      throw .unsupported(
        feature: "as a GGUF file, tensor", found: entry.name, supported: "those that llama.cpp has")
    }
    let form = names.form(of: name, examined.configuration.architecture.shape)
    let isConvolution = name.hasSuffix(".ssm_conv1d.weight")
    // Without the size in the middle, which is 1.
    let shape =
      isConvolution && entry.shape.count == 3 ? [entry.shape[0], entry.shape[2]] : entry.shape
    var element = type.elementType
    if shape.count < 2 || isConvolution || form == .decay { element = .f32 }
    let isWidened = element == .q8_0 && (shape.last ?? 0) % element.block.values != 0
    if isWidened { element = .f16 }
    return (
      Part(
        declaration: .init(name: name, type: element, shape: shape),
        source: .stored(stored, form)), isWidened
    )
  }

  /// Writes the file; it appears whole or not at all, and replaces one of its name.
  ///
  /// - Parameter progress: called with the bytes done and those in all; ends the writing by throwing.
  /// - Throws: `StoreError`; `ModelError.precision` for values that the type cannot hold.
  public func write(
    to path: String, ops: Ops, progress: (_ done: Int, _ of: Int) throws -> Void = { _, _ in }
  ) throws {
    var writer = try GGUFWriter(
      replacing: path, metadata: metadata, tensors: parts.map(\.declaration))
    do {
      var done = 0
      for part in parts {
        let encoder = GGUFValueEncoder(type: part.declaration.type, ops: ops)
        func put(_ values: UnsafeMutablePointer<Float>, _ count: Int) throws {
          try encoder.encode(values, count: count, of: part.declaration.name) { bytes in
            try writer.write(bytes)
            done += bytes.count
          }
          try progress(done, byteCount)
        }
        switch part.source {
        case .values(var values):
          try values.withUnsafeMutableBufferPointer { values in
            if let start = values.baseAddress { try put(start, values.count) }
          }
        case .stored(let tensor, let form): try Self.read(tensor, form, ops, put)
        }
      }
      try writer.commit()
    } catch {
      writer.discard()
      throw error
    }
  }

  /// Values read at a time; whole blocks of every type.
  private static let pieceCount = 1 << 20

  /// Gives `put` the values of a tensor in the order of the file.
  private static func read(
    _ tensor: any StoredTensor, _ form: GGUFNames.Form, _ ops: Ops,
    _ put: (UnsafeMutablePointer<Float>, Int) throws -> Void
  ) throws {
    let count = tensor.shape.reduce(1, *)
    if case .interleavedHeads(let heads) = form {
      return try readHeads(tensor, heads: heads, count: count, ops, put)
    }
    var values = [Float](repeating: 0, count: min(count, pieceCount))
    for first in stride(from: 0, to: count, by: pieceCount) {
      let range = first..<min(count, first + pieceCount)
      try values.withUnsafeMutableBufferPointer { buffer in
        guard let start = buffer.baseAddress else { return }
        tensor.read(range, to: start, ops: ops)
        if form == .decay {
          for index in 0..<range.count { start[index] = Float(-exp(Double(start[index]))) }
        }
        try put(start, range.count)
      }
    }
  }

  /// The rows of both halves of a head in turn.
  private static func readHeads(
    _ tensor: any StoredTensor, heads: Int, count: Int, _ ops: Ops,
    _ put: (UnsafeMutablePointer<Float>, Int) throws -> Void
  ) throws {
    let columns = tensor.shape.dropFirst().reduce(1, *)
    let rows = tensor.shape[0] / heads
    var values = [Float](repeating: 0, count: rows * columns)
    var turned = values
    for head in 0..<heads {
      let range = head * rows * columns..<(head + 1) * rows * columns
      try values.withUnsafeMutableBufferPointer { values in
        try turned.withUnsafeMutableBufferPointer { turned in
          guard let source = values.baseAddress, let target = turned.baseAddress else { return }
          tensor.read(range, to: source, ops: ops)
          for row in 0..<rows {
            let (half, place) = (row / (rows / 2), row % (rows / 2))
            (target + (2 * place + half) * columns).update(
              from: source + row * columns, count: columns)
          }
          try put(target, range.count)
        }
      }
    }
  }
}
