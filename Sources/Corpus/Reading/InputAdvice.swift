/// Command lines for people: what turns a file into JSON lines.
struct InputAdvice {
  /// The file as it was named.
  let path: String
  let isStream: Bool
  let compression: Compression

  /// `template` with `FILE` for the file, `BASE` for its name without the suffix of a compression,
  /// `STEM` for it without any, and `.EXT` for the suffix of lines or of text, in the folder where the
  /// command is run.
  func command(_ template: String) -> String {
    var template = template
    let lower = base.lowercased()
    if lower.hasSuffix(".tar") || name.lowercased().hasSuffix(".tgz"), template.contains("-dc FILE")
    {
      // What is compressed cannot be looked into here; its name tells.
      template = ContentFormat.tar.instead
    }
    let suffix = [".jsonl", ".ndjson", ".json"].first { lower.hasSuffix($0) } ?? ".txt"
    // A command that writes to the file that it reads would empty it.
    let plain = base == name ? stem + "-plain" + suffix : base
    var file = isStream ? "-" : Self.quoted(path)
    var command = ""
    if let decompress = compression.command, template != ContentFormat.tar.instead, !isStream,
      template.contains("FILE")
    {
      command = "\(decompress) \(file) > \(Self.quoted(plain)), then "
      file = Self.quoted(plain)
    }
    let isTaken = [".jsonl", ".txt"].contains {
      template.contains("STEM" + $0) && stem + $0 == base
    }
    let values = [
      ("STEM", Self.quoted(isTaken ? stem + "-new" : stem)), ("BASE", Self.quoted(base)),
      (".EXT", suffix), ("FILE", file),
    ]
    // In one pass: a name may hold such a word, too.
    var rest = template[...]
    while !rest.isEmpty {
      if let (word, value) = values.first(where: { rest.hasPrefix($0.0) }) {
        command += value
        rest = rest.dropFirst(word.count)
      } else {
        command.append(rest.removeFirst())
      }
    }
    return command
  }

  /// Lines out of a JSON text by a filter of jq.
  func jq(_ filter: String) -> String {
    let filter = "jq -c \(Self.quoted(filter))"
    if isStream { return "put \(filter) into the pipe in front of it" }
    let target = stem + ".jsonl"
    // A command that writes to the file that it reads would empty it.
    let output = Self.quoted(target == name ? stem + "-lines.jsonl" : target)
    guard let decompress = compression.command else {
      return "\(filter) \(Self.quoted(path)) > \(output)"
    }
    return "\(decompress) \(Self.quoted(path)) | \(filter) > \(output)"
  }

  /// A word of a shell.
  static func quoted(_ word: String) -> String {
    let plain = word.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: ","),
        UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "@"):
        true
      default: $0 >= 0x80
      }
    }
    return plain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }

  private var name: String { InputList.lastComponent(path) }

  private static let compressions = [
    ".zst", ".zstd", ".gz", ".xz", ".bz2", ".lz4", ".lzma", ".lz", ".z",
  ]

  /// The name without the suffix of a compression.
  private var base: String {
    if isStream { return "input" }
    let suffix = Self.compressions.first { name.lowercased().hasSuffix($0) }
    guard let suffix, name.count > suffix.count else { return name }
    return String(name.dropLast(suffix.count))
  }

  /// The name without the suffixes of containers.
  private var stem: String {
    if isStream { return "input" }
    var stem = name
    let suffixes =
      Self.compressions + [
        ".zip", ".tar", ".tgz", ".7z", ".rar", ".ar", ".deb", ".warc", ".wet", ".rtf", ".parquet",
        ".arrow", ".feather", ".json", ".jsonl",
        ".ndjson", ".pdf", ".docx",
        ".html", ".htm", ".csv", ".tsv", ".db", ".sqlite", ".txt",
      ]
    while let suffix = suffixes.first(where: { stem.lowercased().hasSuffix($0) }),
      stem.count > suffix.count
    {
      stem.removeLast(suffix.count)
    }
    return stem
  }
}
