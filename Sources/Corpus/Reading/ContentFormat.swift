/// What a content is when it is no text: its name, and what turns it into text.
struct ContentFormat {
  let name: String
  /// A container of many documents: leaving it out of a folder would lose a corpus.
  var isTable = false
  /// What to do; `FILE` stands for the file, `STEM` for its name without suffixes.
  let instead: String

  /// How much of a content is looked at.
  static let headSize = 1 << 16

  /// What the start of a content is; nil for text, and for lines that are looked at one by one.
  ///
  /// Signs of letters alone count only where bytes follow that no text has: a text may begin with
  /// any word.
  static func find(in head: UnsafeRawBufferPointer, isJSONLines: Bool) -> ContentFormat? {
    guard !head.isEmpty else { return nil }
    if let format = TextContainer.format(of: head) { return format }
    let evidence = TextEvidence(head)
    if evidence.isClean { return ofText(head) }
    // Text in another encoding may begin with two letters, hardly with four of a sign.
    let shortest = evidence.zeros > 0 || evidence.isBinary ? 1 : evidence.isUTF8 ? Int.max : 4
    if let known = Self.known.first(where: { $0.isMet(by: head, shortest: shortest) }) {
      return known.format
    }
    if isTar(head) { return tar }
    if let format = ZipContent.format(of: head) { return format }
    if let encoding = evidence.wideEncoding(head) {
      return ContentFormat(
        name: "text in \(encoding)", instead: "iconv -f \(encoding) -t UTF-8 FILE > STEM-utf8.EXT")
    }
    if evidence.isAllZeros {
      return ContentFormat(
        name: "a file of zero bytes", instead: "fetch or copy it again; its content is lost")
    }
    // Lines with a broken one among them are counted one by one.
    let first = head.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
    if isJSONLines, first == UInt8(ascii: "{") { return nil }
    guard evidence.isBinary else { return nil }
    let start = head.prefix(8).map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    return ContentFormat(
      name: "binary data (it begins with \(start.joined(separator: " ")))",
      instead: "give text in UTF-8, or JSON lines; `file FILE` may tell what it is")
  }

  private struct Sign {
    let format: ContentFormat
    let magics: [[UInt8]]
    var offset = 0

    /// - Parameter shortest: bytes that a sign must have to count.
    func isMet(by head: UnsafeRawBufferPointer, shortest: Int) -> Bool {
      magics.contains { magic in
        magic.count >= shortest && head.count >= offset + magic.count
          && UnsafeRawBufferPointer(rebasing: head[offset...]).starts(with: magic)
      }
    }
  }

  private static func sign(
    _ name: String, _ magics: [[UInt8]], at offset: Int = 0, isTable: Bool = false,
    _ instead: String
  ) -> Sign {
    Sign(
      format: ContentFormat(name: name, isTable: isTable, instead: instead), magics: magics,
      offset: offset)
  }

  private static let export = "export its texts as JSON lines, one object a document"
  private static let leave = "leave it out; only text and JSON lines can be read"

  /// One line with nothing but pyarrow, in batches, so that no file is too large for it.
  private static func arrow(_ reader: String) -> String {
    "python3 -c \"import \(reader), json, sys; [print(json.dumps(r, ensure_ascii=False, "
      + "default=str)) for b in BATCHES for r in b.to_pylist()]\" FILE > STEM.jsonl"
  }

  private static let known: [Sign] = [
    sign(
      "a Parquet file", [Array("PAR1".utf8)], isTable: true,
      arrow("pyarrow.parquet as q")
        .replacing("BATCHES", with: "q.ParquetFile(sys.argv[1]).iter_batches()")),
    sign(
      "an Arrow file", [Array("ARROW1".utf8)], isTable: true,
      arrow("pyarrow.feather as f")
        .replacing("BATCHES", with: "f.read_table(sys.argv[1]).to_batches()")),
    sign(
      "a Feather file", [Array("FEA1".utf8)], isTable: true,
      arrow("pyarrow.feather as f")
        .replacing("BATCHES", with: "f.read_table(sys.argv[1]).to_batches()")),
    sign(
      "an Arrow stream", [[0xFF, 0xFF, 0xFF, 0xFF]], isTable: true,
      arrow("pyarrow as a").replacing("BATCHES", with: "a.ipc.open_stream(sys.argv[1])")),
    sign("an ORC file", [Array("ORC".utf8)], isTable: true, export),
    sign("an Avro file", [Array("Obj\u{1}".utf8)], isTable: true, export),
    sign(
      "an SQLite database", [Array("SQLite format 3\0".utf8)], isTable: true,
      "sqlite3 -json FILE 'SELECT * FROM TABLE' | jq -c '.[]' > STEM.jsonl"),
    sign("an HDF5 file", [[0x89, 0x48, 0x44, 0x46]], isTable: true, export),
    sign("a NumPy array", [[0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]], isTable: true, export),
    sign(
      "an index of token shards", [Array("MMIDIDX".utf8)], isTable: true,
      "give its folder to score, select, commit or convert: it is tokenized already"),
    sign(
      "an xz file", [[0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]], "xz -dc FILE | zstd -o BASE.zst"),
    sign(
      "a bzip2 file", (1...9).map { Array("BZh\($0)1AY".utf8) },
      "bzip2 -dc FILE | zstd -o BASE.zst"),
    sign("an lz4 file", [[0x04, 0x22, 0x4D, 0x18]], "lz4 -dc FILE | zstd -o BASE.zst"),
    sign("an lzma file", [[0x5D, 0x00, 0x00]], "xz --format=lzma -dc FILE | zstd -o BASE.zst"),
    sign("an lzip file", [Array("LZIP".utf8)], "lzip -dc FILE | zstd -o BASE.zst"),
    sign("a file of compress", [[0x1F, 0x9D], [0x1F, 0xA0]], "zcat FILE | zstd -o BASE.zst"),
    sign(
      "a gzip file inside a compressed one", [[0x1F, 0x8B, 0x08]],
      "give FILE; it was compressed twice"),
    sign(
      "a zstd file inside a compressed one", [[0x28, 0xB5, 0x2F, 0xFD]],
      "give FILE; it was compressed twice"),
    sign(
      "a 7z archive", [[0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]],
      "7z x FILE -oSTEM, then give the folder STEM"),
    sign(
      "a rar archive", [Array("Rar!\u{1A}\u{7}".utf8)],
      "mkdir -p STEM && unrar x FILE STEM/, then give the folder STEM"),
    sign(
      "a cpio archive", [Array("070701".utf8), [0xC7, 0x71]], "cpio -id < FILE in a new folder"),
    sign("a cabinet archive", [Array("MSCF".utf8)], "7z x FILE -oSTEM, then give the folder STEM"),
    Sign(format: pdf, magics: [Array("%PDF-".utf8)]),
    sign(
      "an old Office document", [[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]],
      "soffice --headless --convert-to txt FILE"),
    sign(
      "a GGUF model", [Array("GGUF".utf8), Array("ggjt".utf8)],
      "leave it out: it is no text, but a model, which --model, --teacher and --reference take"),
    sign("a PNG image", [[0x89, 0x50, 0x4E, 0x47]], leave),
    sign("a JPEG image", [[0xFF, 0xD8, 0xFF]], leave),
    sign("a GIF image", [Array("GIF87a".utf8), Array("GIF89a".utf8)], leave),
    sign("a TIFF image", [[0x49, 0x49, 0x2A, 0], [0x4D, 0x4D, 0, 0x2A]], leave),
    sign("a WebP image", [Array("WEBP".utf8)], at: 8, leave),
    sign("a bitmap or icon", [[0, 0, 1, 0]], leave),
    sign("a sound file", [Array("WAVE".utf8)], at: 8, leave),
    sign("a sound file", [Array("ID3".utf8), Array("OggS".utf8), Array("fLaC".utf8)], leave),
    sign("a video", [Array("ftyp".utf8)], at: 4, leave),
    sign("a video", [[0x1A, 0x45, 0xDF, 0xA3]], leave),
    sign("a program (ELF)", [[0x7F, 0x45, 0x4C, 0x46]], leave),
    sign("a program of Windows", [Array("MZ".utf8)], leave),
    sign("a WebAssembly module", [[0, 0x61, 0x73, 0x6D]], leave),
    sign("a Java class", [[0xCA, 0xFE, 0xBA, 0xBE]], leave),
    sign(
      "a pickle of Python or PyTorch", (2...5).map { [0x80, UInt8($0)] },
      "load it in Python and write its texts as JSON lines"),
    sign("safetensors, weights of a model", [[0, 0, 0, 0, 0x7B, 0x22]], at: 4, leave),
  ]

  private static let pdf = ContentFormat(name: "a PDF", instead: "pdftotext FILE STEM.txt")
  static let tar = ContentFormat(
    name: "a tar archive",
    instead: "mkdir -p STEM && tar -xf FILE -C STEM, then give the folder STEM")

  /// Whether the first block is a tar header: its checksum tells, in every flavour of the format.
  private static func isTar(_ head: UnsafeRawBufferPointer) -> Bool {
    guard head.count >= 512 else { return false }
    let field = head[148..<156].filter { (0x30...0x37).contains($0) }
    guard !field.isEmpty, let stored = Int(String(decoding: field, as: UTF8.self), radix: 8) else {
      return false
    }
    var sum = 8 * 0x20
    for (place, byte) in head[0..<512].enumerated() where !(148..<156).contains(place) {
      sum += Int(byte)
    }
    return stored == sum
  }

  /// Texts that are not what their reader hopes for.
  private static func ofText(_ head: UnsafeRawBufferPointer) -> ContentFormat? {
    let start = String(decoding: head.prefix(2000), as: UTF8.self)
      .trimmingPrefix { $0.isWhitespace || $0 == "\u{FEFF}" }
    if start.hasPrefix("version https://git-lfs.github.com/spec/"), head.count < 1024,
      start.contains("\noid sha256:")
    {
      return ContentFormat(
        name: "a pointer of git-LFS instead of the file itself",
        instead: "git lfs pull, in the repository that it came from")
    }
    if start.hasPrefix("%PDF-1.") || start.hasPrefix("%PDF-2."), start.contains(" obj") {
      return pdf
    }
    let lower = start.lowercased()
    let opens =
      ["<!doctype html", "<html", "<!--", "<?xml"].contains { lower.hasPrefix($0) }
    if opens,
      ["<head", "<body", "<meta", "<title", "</html"].contains(where: { lower.contains($0) }),
      lower.contains("<html") || lower.hasPrefix("<!doctype html")
    {
      return ContentFormat(
        name: "an HTML page",
        instead:
          "if it should be data, fetch it again (it may be the page of an error or a login); "
          + "its text: pandoc -f html -t plain FILE -o STEM.txt; its markup: "
          + "jq -Rsc '{text: .}' FILE > STEM.jsonl")
    }
    return nil
  }
}
