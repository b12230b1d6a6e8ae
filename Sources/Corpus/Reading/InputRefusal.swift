import Store

/// Files that look like a corpus and are none that can be read: said before a run, with what to do.
enum InputRefusal {
  private struct Format {
    let name: String
    let magic: [UInt8]
    /// A table of documents; refused inside folders, too.
    let isTable: Bool
    let instead: String
  }

  private static let formats = [
    Format(
      name: "a Parquet file", magic: Array("PAR1".utf8), isTable: true, instead: parquet),
    Format(
      name: "an Arrow file", magic: Array("ARROW1".utf8), isTable: true,
      instead: "python3 -c \"import pyarrow.feather as f, sys; "
        + "f.read_table(sys.argv[1]).to_pandas().to_json('out.jsonl', orient='records', "
        + "lines=True, force_ascii=False)\" FILE"),
    Format(
      name: "an xz file", magic: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], isTable: false,
      instead: "xz -dc FILE | zstd -o FILE.zst"),
    Format(
      name: "a bzip2 file", magic: Array("BZh".utf8), isTable: false,
      instead: "bzip2 -dc FILE | zstd -o FILE.zst"),
    Format(
      name: "an lz4 file", magic: [0x04, 0x22, 0x4D, 0x18], isTable: false,
      instead: "lz4 -dc FILE | zstd -o FILE.zst"),
    Format(
      name: "a zip archive", magic: [0x50, 0x4B, 0x03, 0x04], isTable: false,
      instead: "unzip FILE -d FOLDER, then give the folder"),
    Format(
      name: "an HDF5 file", magic: [0x89, 0x48, 0x44, 0x46], isTable: true,
      instead: "export it as JSON lines, one object a document"),
    Format(
      name: "a NumPy array", magic: [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], isTable: true,
      instead: "export it as JSON lines, one object a document"),
    Format(
      name: "an index of token shards", magic: Array("MMIDIDX".utf8), isTable: true,
      instead: "give its folder to score, select, commit or convert: it is tokenized already"),
  ]

  /// One line with nothing but pyarrow, in batches, so that no file is too large for it.
  private static let parquet =
    "python3 -c \"import pyarrow.parquet as q, json, sys; "
    + "[print(json.dumps(r, ensure_ascii=False, default=str)) "
    + "for b in q.ParquetFile(sys.argv[1]).iter_batches() for r in b.to_pylist()]\" FILE "
    + "| zstd -o FILE.jsonl.zst"

  /// Throws if `file` is of a kind that must be converted first. `isNamed`: the caller named the
  /// file itself, not a folder around it.
  static func check(_ file: InputFile, isNamed: Bool, windowLog: Int) throws(CorpusError) {
    let raw: RawFile
    do throws(CorpusError) {
      raw = try RawFile(path: file.path, digesting: false)
    } catch {
      // Whoever reads it will say what is wrong.
      return
    }
    let magic = try raw.peek(8)
    for format in formats where magic.starts(with: format.magic) {
      guard isNamed || format.isTable || file.kind == .jsonLines else { continue }
      throw .refused(
        path: file.path, found: format.name,
        instead: format.instead.replacing("FILE", with: file.path))
    }
    if file.kind == .jsonLines { try checkLayout(raw, file, windowLog) }
  }

  /// A folder of tokenized shards is no text.
  static func check(folder: String, names: [String]) throws(CorpusError) {
    guard
      let index = names.first(where: { name in
        name.hasSuffix(".idx") && names.contains(name.dropLast(4) + ".bin")
      })
    else { return }
    throw .refused(
      path: folder, found: "a folder of token shards (\(index))",
      instead: "give it to score, select, commit or convert: it is tokenized already")
  }

  /// One array or object over many lines would be rejected line by line.
  private static func checkLayout(
    _ raw: RawFile, _ file: InputFile, _ windowLog: Int
  ) throws(CorpusError) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { memory.deallocate() }
    var count = 0
    do throws(CorpusError) {
      count = try openStream(raw, windowLog: windowLog).read(into: memory)
    } catch {
      if case .windowTooLarge = error { throw error }
      return
    }
    var start = Array(memory[..<count])
    if start.starts(with: byteOrderMark) { start.removeFirst(byteOrderMark.count) }
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D }
    let lines = start.split(separator: 0x0A, maxSplits: 2, omittingEmptySubsequences: true)
      .map { line in line.drop(while: isSpace) }
    guard let first = lines.first, let opener = first.first else { return }
    let last = first.reversed().first { !isSpace($0) }
    let second = first.dropFirst().first { !isSpace($0) }
    let isArray =
      second == nil || last == UInt8(ascii: ",")
      || lines.count == 1 && second == UInt8(ascii: "{")
    if opener == UInt8(ascii: "["), isArray {
      throw .refused(
        path: file.path, found: "one JSON array",
        instead: "jq -c '.[]' \(file.path) > documents.jsonl")
    }
    if opener == UInt8(ascii: "{"), first.allSatisfy({ isSpace($0) || $0 == opener }),
      first.count(where: { $0 == opener }) == 1, lines.count > 1,
      lines[1].first == UInt8(ascii: "\"")
    {
      throw .refused(
        path: file.path, found: "JSON spread over lines",
        instead: "jq -c . \(file.path) > documents.jsonl")
    }
  }
}
