import Corpus
import Numerics
import Store
import Tokenizers

/// Token shards, or a part of a folder of them.
enum InspectedShards: InspectedKind {
  static let words = "a folder of token shards"

  static func matches(_ path: String) -> Bool { ShardLocation(path).holdsShards }

  static func lines(_ inspection: Inspect, _ work: Work) throws -> [String] {
    let shards = try TokenShards(folder: inspection.path)
    if let chunk = inspection.settings.chunk {
      let tokens = try shards.tokens(of: chunk)
      guard let tokenizer = inspection.settings.tokenizer else {
        return [try JSONFile.text(of: tokens, pretty: false)]
      }
      return [
        try ShardsTokenizer.load(tokenizer, ofShards: inspection.path, work).decode(tokens)
      ]
    }
    try shards.verifyLayout { work.goesOn(WorkProgress(nil, detail: "\($0) chunks looked at")) }
    var lines = [
      "token shards: \(Number.grouped(shards.count)) chunks, \(Number.grouped(shards.tokenCount)) "
        + "tokens, longest \(Number.grouped(shards.longestChunk)), shards: "
        + "\(shards.shardStarts.count - 1)"
    ]
    let made = try ShardsTokenizer(ofShards: inspection.path)
    lines.append(
      made.digest.map { "made by the tokenizer of sha256 \($0)" }
        ?? "not said by which tokenizer they were made")
    for (name, count) in zip(shards.sources, shards.chunkCounts()) {
      lines.append("\(name): \(Number.grouped(count)) chunks")
    }
    if Folder.exists("\(shards.folder)/\(ReserveRecord.fileName)") {
      lines += InspectedReserve.lines(of: try ReserveRecord(path: shards.folder))
    }
    return lines
  }
}

/// `reserve.json`: what a split has set aside.
enum InspectedReserve: InspectedKind {
  static let words = "the reserve.json of a split"

  static func matches(_ path: String) -> Bool { Inspect.name(path) == ReserveRecord.fileName }

  static func lines(_ inspection: Inspect, _ work: Work) throws -> [String] {
    lines(of: try JSONFile.read(ReserveRecord.self, from: inspection.path))
  }

  static func lines(of record: ReserveRecord) -> [String] {
    let rule =
      switch record.rule {
      case .tail: "the last chunks"
      case .random(let seed): "drawn by seed \(seed)"
      }
    return [
      "a split (\(rule)): \(Number.grouped(record.reservedChunks)) chunks, "
        + "\(Number.grouped(record.reservedTokens)) tokens set aside; "
        + "\(Number.grouped(record.restChunks)) chunks, \(Number.grouped(record.restTokens)) tokens "
        + "in the rest; \(Number.grouped(record.leftOutChunks)) chunks in neither"
    ]
  }
}

/// `corpus.json`: how shards were packed.
enum InspectedCorpusRecord: InspectedKind {
  static let words = "the corpus.json of packed shards"

  static func matches(_ path: String) -> Bool { Inspect.name(path) == CorpusManifest.fileName }

  static func lines(_ inspection: Inspect, _ work: Work) throws -> [String] {
    let manifest = try JSONFile.read(CorpusManifest.self, from: inspection.path)
    return [
      "record of a packed corpus: \(Number.grouped(manifest.documents)) documents of "
        + "\(manifest.inputs.count) inputs, \(Number.grouped(manifest.chunks)) chunks, "
        + "\(Number.grouped(manifest.tokens)) tokens",
      "vocabulary \(Number.grouped(manifest.vocabularySize)), end of text \(manifest.endOfText), "
        + "tokenizer \(manifest.tokenizer)",
    ]
      + manifest.sources.map {
        "\($0.name): \(Number.grouped($0.documents)) documents, \(Number.grouped($0.chunks)) chunks"
      }
  }
}
