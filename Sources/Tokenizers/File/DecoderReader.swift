/// Reads `decoder`.
enum DecoderReader {
  static func decoder(_ fields: JSONFields?) throws(TokenizerError) -> TokenDecoder {
    guard let fields else { return TokenDecoder(steps: nil) }
    var steps: [DecoderStep] = []
    try append(fields, to: &steps)
    return TokenDecoder(steps: steps)
  }

  private static func append(
    _ fields: JSONFields, to steps: inout [DecoderStep]
  ) throws(TokenizerError) {
    switch try fields.string("type") {
    case "Sequence":
      for part in try fields.requiredObjects("decoders") { try append(part, to: &steps) }
    case "ByteLevel": steps.append(.byteLevel)
    case "Metaspace": steps.append(.metaspace(try MetaspaceReader.metaspace(fields)))
    case "ByteFallback": steps.append(.byteFallback)
    case "Fuse": steps.append(.fuse)
    case "Replace": steps.append(.replace(try TextReplacementReader.replacement(fields)))
    case "Strip":
      steps.append(
        .strip(
          try fields.character("content", default: " ").value,
          start: try fields.count("start", default: 0), stop: try fields.count("stop", default: 0)))
    case "WordPiece":
      steps.append(
        .wordPiece(
          prefix: Array((try fields.optionalString("prefix") ?? "##").utf8),
          cleansUp: try fields.bool("cleanup", default: true)))
    case "BPEDecoder":
      steps.append(.wordEnds(suffix: Array((try fields.optionalString("suffix") ?? "</w>").utf8)))
    case "CTC":
      steps.append(
        .temporal(
          pad: Array((try fields.optionalString("pad_token") ?? "<pad>").utf8),
          delimiter: Array((try fields.optionalString("word_delimiter_token") ?? "|").utf8),
          cleansUp: try fields.bool("cleanup", default: true)))
    case let type:
      throw .unsupported(
        field: fields.path, found: type,
        supported: """
          ByteLevel, Metaspace, ByteFallback, Fuse, Replace, Strip, WordPiece, BPEDecoder, CTC and \
          Sequence
          """)
    }
  }
}
