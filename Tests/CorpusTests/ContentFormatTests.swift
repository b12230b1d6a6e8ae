import Corpus
import Foundation
import Glibc
import Store
import Testing

@Suite("What is no text is refused by its name")
struct ContentFormatTests {
  /// A tar archive of one file, with the header's checksum.
  static func tar(_ content: String) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, _ place: Int) {
      for (offset, byte) in text.utf8.enumerated() { header[place + offset] = byte }
    }
    put("a.jsonl", 0)
    put("0000644", 100)
    put(String(content.utf8.count, radix: 8), 124)
    put("        ", 148)
    let sum = header.reduce(0) { $0 + Int($1) }
    put(String(repeating: "0", count: 6 - String(sum, radix: 8).count) + String(sum, radix: 8), 148)
    header[154] = 0
    let padding = [UInt8](repeating: 0, count: 512 - content.utf8.count % 512)
    return header + Array(content.utf8) + padding + [UInt8](repeating: 0, count: 1024)
  }

  static func noise(_ count: Int) -> [UInt8] {
    var state: UInt64 = 5
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 40)
    }
  }

  static func wide(_ text: String, _ encoding: String.Encoding) -> [UInt8] {
    Array(text.data(using: encoding) ?? Data())
  }

  /// The mark of an ar archive and the header of a member.
  static let archive: [UInt8] = Array(
    "!<arch>\nwords.txt/      0           0     0     644     6         `\n".utf8)
  static let package: [UInt8] = archive + noise(90)
  static let webPages: [UInt8] = Array(
    "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 7\r\n\r\nwords\r\n".utf8)
  static let latinPages: [UInt8] = webPages + [0xE9, 0x0A]
  static let richText: [UInt8] = Array("{\\rtf1\\ansi\\deff0 words}".utf8)
  static let spreadRichText: [UInt8] = Array("{\\rtf1\n\\ansi words}".utf8)

  static let kinds: [(name: String, bytes: [UInt8], says: [String])] = [
    ("a.txt", tar("text"), ["tar archive", "tar -xf"]),
    ("zero.txt", [UInt8](repeating: 0, count: 700), ["zero bytes"]),
    ("noise.jsonl", noise(3000), ["binary data"]),
    ("a.dat", Array("7z".utf8) + [0xBC, 0xAF, 0x27, 0x1C] + noise(90), ["7z archive", "7z x"]),
    ("a", Array("SQLite format 3\0".utf8) + noise(90), ["SQLite", "sqlite3"]),
    ("w.pt", [0x50, 0x4B, 3, 4] + noise(30) + Array("archive/data.pkl".utf8), ["PyTorch"]),
    ("d", [0x50, 0x4B, 3, 4] + noise(30) + Array("word/document.xml".utf8), ["Word", "pandoc"]),
    ("m.bin", [60, 0, 0, 0, 0, 0, 0, 0] + Array("{\"a\":{}}".utf8), ["safetensors"]),
    ("m.gguf", Array("GGUF".utf8) + [3, 0, 0, 0], ["GGUF", "--teacher"]),
    ("p.txt", Array("%PDF-1.4\n1 0 obj\n<<>>\n".utf8), ["PDF", "pdftotext"]),
    // As writers mark it as binary, long before the first zero.
    ("q.txt", Array("%PDF-1.7\n%".utf8) + [0xE2, 0xE3, 0xCF, 0xD3, 0x0A], ["PDF", "pdftotext"]),
    ("p.log", [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0] + noise(50), ["ELF"]),
    ("i.txt", [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10] + noise(50), ["PNG"]),
    ("t.idx", Array("MMIDIDX\0\0".utf8) + [1, 0], ["token shards"]),
    (
      "lfs.jsonl",
      Array("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n".utf8),
      ["git-LFS", "git lfs pull"]
    ),
    ("h.jsonl", Array("\n<!DOCTYPE html>\n<html></html>".utf8), ["HTML page"]),
    ("c.csv", Array("id,text\n1,\"a, b\"\n".utf8), ["CSV", "python3"]),
    ("c.jsonl", Array("id\ttext\n1\tone\n2\ttwo\n".utf8), ["TSV", "c-new.jsonl"]),
    ("u.txt", [0xFF, 0xFE] + wide("wörter\n", .utf16LittleEndian), ["iconv -f UTF-16LE"]),
    ("v.txt", wide("words and words\n", .utf16BigEndian), ["iconv -f UTF-16BE"]),
    ("x.jsonl", wide("{\"text\": \"words\"}\n", .utf16LittleEndian), ["UTF-16LE", "x-utf8.jsonl"]),
    ("y.txt", wide("words and words\n", .utf32LittleEndian), ["iconv -f UTF-32LE"]),
    ("l.txt", archive, ["ar archive", "ar x --output l-files"]),
    ("p.deb", package, ["Debian package", "dpkg-deb -x"]),
    ("w.txt", webPages, ["WARC", "web pages", "trafilatura", "w.jsonl"]),
    ("w.jsonl", latinPages, ["WARC", "w-new.jsonl"]),
    ("r.txt", richText, ["RTF", "unrtf --text"]),
    ("r.jsonl", spreadRichText, ["RTF", "pandoc -f rtf"]),
  ]

  @Test("Whatever its name is", arguments: kinds.indices)
  func refusals(index: Int) throws {
    let scratch = try ScratchFolder()
    let kind = Self.kinds[index]
    let path = try scratch.write(kind.bytes, to: kind.name)
    let text = try #require(try InputTests.refusal(path), "\(kind.name)")
    for word in kind.says { #expect(text.contains(word), "\(text)") }
  }

  @Test("A tar archive inside a compressed file, and what is compressed twice")
  func insideCompressed() throws {
    let scratch = try ScratchFolder()
    func pack(_ bytes: [UInt8], _ name: String) throws -> String {
      try scratch.write(gzipStored(bytes), to: name)
    }
    let archive = try pack(Self.tar("text"), "a.jsonl.gz")
    #expect(try InputTests.refusal(archive)?.contains("tar -xf \(archive)") ?? false)
    let wide = try pack(Self.wide("words and words\n", .utf16LittleEndian), "b.txt.gz")
    #expect(try InputTests.refusal(wide)?.contains("zcat \(wide) > b.txt, then iconv") ?? false)
    let twice = try pack(Array(try Data(contentsOf: URL(filePath: archive))), "c.jsonl.gz")
    #expect(try InputTests.refusal(twice)?.contains("twice") ?? false)
    let pages = try pack(Self.webPages, "d.warc.gz")
    #expect(try InputTests.refusal(pages)?.contains("zcat \(pages) > d.warc, then") ?? false)
    // A compressed file without a suffix that says so is not written over.
    let bare = try pack(gzipStored(Array("{}\n".utf8)), "d.jsonl")
    #expect(try InputTests.refusal(bare)?.contains("zcat \(bare) > d-plain.jsonl, then") ?? false)
    // What cannot be looked into: the name tells, and the advice keeps it a name of lines.
    let xz: [UInt8] = [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0, 4]
    let lines = try scratch.write(xz, to: "c.jsonl.xz")
    #expect(try InputTests.refusal(lines)?.contains("zstd -o c.jsonl.zst") ?? false)
    let both = try scratch.write(xz, to: "c.tar.xz")
    #expect(try InputTests.refusal(both)?.contains("tar -xf") ?? false)
  }

  @Test("A text that only speaks of such things stays a text")
  func mentions() throws {
    let scratch = try ScratchFolder()
    for text in [
      "PAR1 begins a Parquet file, PK a zip archive.", "%PDF-1.7 begins a PDF.",
      "BZh91AY is bzip2.", "GIF89a", "MZ", "ID3 tags", "<html> is a tag.\n",
      "See <!DOCTYPE html>.", "version https://git-lfs.github.com/spec/v1 is a line of LFS.",
      "SQLite format 3", "GGUF\n", "a,b\n1,2\n", "{\n", "\u{1B}[1mbold\u{1B}[0m", "\u{FEFF}marked",
      "!<arch>\nis how an ar archive begins, whatever its members are; see the manual of ar.\n",
      "WARC/1.0 begins a record.\nWARC-Type: response follows.", "WARC/1.0\nis a line.",
      "{\\rtf1 begins RTF.",
    ] {
      let path = try scratch.write(text, to: "a.txt")
      let found = try documents(CorpusReader(inputs: [path]))
      let expected = text.hasPrefix("\u{FEFF}") ? "marked" : text
      #expect(found.map { Array($0.string.utf8) } == [Array(expected.utf8)], "\(text)")
    }
  }

  @Test("In a folder it is left out, counted and named; alone it is the reason")
  func folders() throws {
    let scratch = try ScratchFolder()
    try scratch.write("fine", to: "in/a.txt")
    try scratch.write([0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10] + Self.noise(400), to: "in/b.png")
    try scratch.write(String(repeating: "words ", count: 9) + "\0", to: "in/c.txt")
    try scratch.write("fine, too", to: "in/z.txt")
    symlink("nowhere", scratch.path + "/in/dangling")
    symlink("loop", scratch.path + "/in/loop")
    symlink("..", scratch.path + "/in/up")
    mkfifo(scratch.path + "/in/pipe", 0o600)
    let log = try RejectLog()
    let all = try documents(CorpusReader(inputs: [scratch.path + "/in"], rejects: log))
    #expect(all.map(\.string) == ["fine", "fine, too"])
    #expect(log.counts == [.unreadable: 4, .notText: 2])
    // Each by its name.
    #expect(
      log.summaries.map { $0.files.map(\.start) } == [
        [
          "a link that leads nowhere", "a link that leads back to itself",
          "no file but a pipe, a socket or a device", "a link back to a folder that it lies in",
        ], ["a PNG image", "a zero byte at byte 54, which no text has"],
      ])
    #expect(log.summaries[1].text.contains("/in/b.png (a PNG image), \(scratch.path)/in/c.txt ("))
    let built = try CorpusBuilder(
      inputs: [scratch.path + "/in"], settings: CorpusPipelineTests.settings(.none),
      tokenizer: ByteTokenizer()
    ).build(into: scratch.path + "/out")
    #expect(built.documents == 2 && built.rejected == ["unreadable": 4, "not_text": 2])
    try scratch.write(Self.noise(400), to: "alone/a.txt")
    let error = try corpusError {
      _ = try CorpusBuilder(inputs: [scratch.path + "/alone"], tokenizer: ByteTokenizer())
        .build(into: scratch.path + "/none")
    }
    #expect(error?.message.contains("binary data") ?? false)
  }
}
