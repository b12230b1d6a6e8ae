import Glibc
import Store

/// Turns the inputs that a person names into files, in a fixed order.
struct InputList {
  private(set) var files: [InputFile] = []
  private(set) var skipped: [Reject] = []
  private(set) var notes: [String] = []
  private let windowLog: Int
  private let isStopping: @Sendable () -> Bool

  init(windowLog: Int, isStopping: @escaping @Sendable () -> Bool) {
    self.windowLog = windowLog
    self.isStopping = isStopping
  }

  /// Adds what a name stands for: a file, a folder, a pattern, `-`.
  mutating func add(_ input: String) throws(CorpusError) {
    if input == InputFile.standardInput { return try addStream(input) }
    let path = FileName.resolved(input)
    if let state = Self.status(of: path) {
      try add(path, state)
    } else if let matches = GlobPattern.matches(of: path) {
      for match in matches {
        guard let state = Self.status(of: match) else {
          throw .unreadable(path: match, reason: Self.missing(match))
        }
        try add(match, state)
      }
    } else {
      throw .unreadable(path: input, reason: Self.missing(path))
    }
  }

  private mutating func add(_ path: String, _ state: stat) throws(CorpusError) {
    switch state.st_mode & S_IFMT {
    case S_IFDIR: try addFolder(path)
    case S_IFREG: try addFile(path)
    case S_IFSOCK: throw .unreadable(path: path, reason: "it is a socket, no file")
    default: try addStream(path)
    }
  }

  private mutating func addFile(_ path: String) throws(CorpusError) {
    let name = Self.lastComponent(path)
    let kind = try kind(of: name, path)
    let file = InputFile(
      path: path, kind: kind, source: kind == .plainText ? Self.stem(name) : nil, name: name)
    try InputCheck.check(file, windowLog: windowLog)
    if kind == .plainText, let lines = try InputCheck.readsAsLines(file, windowLog), lines {
      notes.append(
        "\(path) is read as one text, though it looks like JSON lines; give it a name that ends in "
          + ".jsonl to have its records read")
    }
    files.append(file)
  }

  private mutating func addStream(_ path: String) throws(CorpusError) {
    if files.contains(where: { $0.isStream && $0.path == path }) {
      throw .unreadable(
        path: path, reason: "it is named twice, and a stream gives its bytes only once")
    }
    let stream = try StreamHead(path: path, isStopping: isStopping)
    let isStandard = path == InputFile.standardInput
    let name = isStandard ? "standard input" : Self.lastComponent(path)
    var file = InputFile(path: path, kind: .jsonLines, source: nil, name: name, stream: stream)
    // A name such as /dev/fd/63 says nothing: the first line does.
    if !isStandard, Self.kind(named: name) != .jsonLines,
      try InputCheck.readsAsLines(file, windowLog) == false
    {
      file = InputFile(
        path: path, kind: .plainText, source: Self.stem(name), name: name, stream: stream)
    }
    try InputCheck.check(file, windowLog: windowLog)
    files.append(file)
  }

  private mutating func addFolder(_ path: String) throws(CorpusError) {
    let listing = FolderListing(path)
    if let failure = listing.failure { throw .unreadable(path: path, reason: failure) }
    try InputCheck.check(folder: path, names: listing.names)
    let before = files.count
    try walk(path, listing, relative: "", source: Self.lastComponent(path), visited: [])
    for file in files[before...].prefix(Self.checkLimit) {
      try InputCheck.check(file, windowLog: windowLog)
    }
  }

  /// Files of a folder that are looked into beforehand.
  private static let checkLimit = 1000

  private struct Place: Equatable {
    let device: UInt64
    let inode: UInt64
  }

  /// Files of a folder: the source is the first sub-folder, for files at the top the folder itself.
  private mutating func walk(
    _ folder: String, _ listing: FolderListing, relative: String, source: String, visited: [Place]
  ) throws(CorpusError) {
    guard let own = Self.status(of: folder) else { return }
    let here = visited + [Place(device: UInt64(own.st_dev), inode: UInt64(own.st_ino))]
    let base = folder.hasSuffix("/") ? folder : folder + "/"
    for name in listing.names where !name.hasPrefix(".") {
      let path = base + name
      let inner = relative.isEmpty ? name : relative + "/" + name
      guard let state = Self.status(of: path) else {
        skip(path, Self.missing(path))
        continue
      }
      switch state.st_mode & S_IFMT {
      case S_IFDIR:
        // A link back to a folder on the way down would never end.
        if here.contains(Place(device: UInt64(state.st_dev), inode: UInt64(state.st_ino))) {
          skip(path, "a link back to a folder that it lies in")
          continue
        }
        let listing = FolderListing(path)
        if let failure = listing.failure {
          skip(path, failure)
        } else {
          try walk(
            path, listing, relative: inner, source: relative.isEmpty ? name : source, visited: here)
        }
      case S_IFREG:
        files.append(
          InputFile(
            path: path, kind: try kind(of: name, path), source: source, name: inner,
            isNamed: false))
      default: skip(path, "no file but a pipe, a socket or a device")
      }
    }
  }

  private mutating func skip(_ path: String, _ reason: String) {
    skipped.append(
      Reject(file: path, offset: 0, line: 0, reason: .unreadable, start: reason, length: 0))
  }

  /// Whether an input gives its bytes only once, by what it is on disk.
  static func isStream(_ input: String) -> Bool {
    if input == InputFile.standardInput { return true }
    guard let state = status(of: FileName.resolved(input)) else { return false }
    return ![S_IFDIR, S_IFREG, S_IFSOCK].contains(state.st_mode & S_IFMT)
  }

  /// What a path leads to; nil if it leads nowhere.
  private static func status(of path: String) -> stat? {
    var status = stat()
    return FileName.withPath(path) { stat($0, &status) } == 0 ? status : nil
  }

  /// Why there is nothing to read at a path.
  private static func missing(_ path: String) -> String {
    var status = stat()
    let reason = errno
    if FileName.withPath(path, { lstat($0, &status) }) == 0, status.st_mode & S_IFMT == S_IFLNK {
      return reason == ELOOP ? "a link that leads back to itself" : "a link that leads nowhere"
    }
    return reason == ENOENT || reason == 0
      ? "no such file or folder" : String(cString: strerror(reason))
  }

  /// What a file holds, by its name; where that says nothing, by its first line.
  private func kind(of name: String, _ path: String) throws(CorpusError) -> InputFile.Kind {
    if let kind = Self.kind(named: name) { return kind }
    let file = InputFile(path: path, kind: .plainText, source: nil, name: name)
    return try InputCheck.readsAsLines(file, windowLog) == true ? .jsonLines : .plainText
  }

  /// nil for a name without a suffix, or with a number as one: part-00000, corpus.jsonl.1.
  private static func kind(named name: String) -> InputFile.Kind? {
    let extensions = [".jsonl", ".ndjson", ".json"]
    let plain = stripCompression(name).lowercased()
    if extensions.contains(where: { plain.hasSuffix($0) }) { return .jsonLines }
    guard let dot = plain.lastIndex(of: "."), dot != plain.startIndex else { return nil }
    return plain[plain.index(after: dot)...].allSatisfy(\.isNumber) ? nil : .plainText
  }

  static func stripCompression(_ name: String) -> String {
    for suffix in [".zst", ".zstd", ".gz"] where name.lowercased().hasSuffix(suffix) {
      return String(name.dropLast(suffix.count))
    }
    return name
  }

  static func stem(_ name: String) -> String {
    let plain = stripCompression(name)
    guard let dot = plain.lastIndex(of: "."), dot != plain.startIndex else { return plain }
    return String(plain[..<dot])
  }

  static func lastComponent(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
