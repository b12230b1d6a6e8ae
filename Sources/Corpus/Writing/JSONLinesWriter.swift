/// Writes documents as `jsonl.zst`, in the form of the Pile: `{"text": ..., "meta": {...}}`.
public struct JSONLinesWriter: ~Copyable {
  /// Documents written.
  public private(set) var count = 0
  /// Bytes of their text.
  public private(set) var textBytes = 0
  private var file: ZstdFileWriter
  private var line: [UInt8] = []

  /// Opens a temporary file beside `path`, which `commit()` replaces.
  public init(replacing path: String, level: Int32 = 6) throws(CorpusError) {
    file = try ZstdFileWriter(replacing: path, level: level)
  }

  /// Appends a document; `meta` keeps its order.
  public mutating func append(
    text: [UInt8], meta: [(key: String, value: String)]
  ) throws(CorpusError) {
    line.removeAll(keepingCapacity: true)
    line.append(contentsOf: "{\"text\": ".utf8)
    appendString(text)
    line.append(contentsOf: ", \"meta\": {".utf8)
    for (index, field) in meta.enumerated() {
      if index > 0 { line.append(contentsOf: ", ".utf8) }
      appendString(field.key.utf8)
      line.append(contentsOf: ": ".utf8)
      appendString(field.value.utf8)
    }
    line.append(contentsOf: "}}\n".utf8)
    // Out of `self` for the call, which changes `file`.
    let bytes = line
    count += 1
    textBytes += text.count
    try bytes.withBytes { (raw) throws(CorpusError) in try file.write(raw) }
  }

  /// Makes the file durable and visible.
  public mutating func commit() throws(CorpusError) { try file.commit() }

  /// Removes the temporary file.
  public mutating func discard() { file.discard() }

  private mutating func appendString(_ text: some Sequence<UInt8>) {
    line.append(UInt8(ascii: "\""))
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        line.append(UInt8(ascii: "\\"))
        line.append(byte)
      case 0x0A:
        line.append(contentsOf: "\\n".utf8)
      case 0x09:
        line.append(contentsOf: "\\t".utf8)
      case 0..<0x20:
        line.append(contentsOf: "\\u00".utf8)
        line.append(contentsOf: [hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]])
      default:
        line.append(byte)
      }
    }
    line.append(UInt8(ascii: "\""))
  }
}

private let hexDigits = Array("0123456789abcdef".utf8)
