import Store

/// Files that look like a corpus and are none that can be read: said before a run, with what to do.
enum InputCheck {
  /// Refuses what must be converted first. Of a folder only containers of many documents are, since
  /// leaving one out would lose a corpus; other files that are no text are counted when they are read.
  static func check(_ file: InputFile, windowLog: Int) throws(CorpusError) {
    guard let (head, compression) = try head(of: file, windowLog) else { return }
    let advice = InputAdvice(
      path: file.path, isStream: file.isStream, compression: compression)
    let found = head.withUnsafeBytes {
      ContentFormat.find(in: $0, isJSONLines: file.kind == .jsonLines)
    }
    if let found {
      if file.isNamed || found.isTable { throw refusal(file, found, advice) }
      return
    }
    guard file.isNamed else { return }
    if let table = DelimitedTable.find(in: head, name: file.name, file.kind) {
      throw refusal(file, table, advice)
    }
    if file.kind == .jsonLines {
      let found = head.withUnsafeBytes { JSONLayout($0) }
      if let (name, filter) = found.refusal {
        throw .refused(path: shown(file), found: name, instead: advice.jq(filter))
      }
    } else if file.path.hasSuffix(".bin"), Folder.exists(file.path.dropLast(4) + ".idx") {
      throw .refused(
        path: file.path, found: "the tokens of a shard",
        instead: "give its folder to score, select, commit or convert: it is tokenized already")
    }
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

  /// Whether the first lines are JSON objects; nil for an empty content, or where the file cannot be
  /// opened.
  static func readsAsLines(_ file: InputFile, _ windowLog: Int) throws(CorpusError) -> Bool? {
    do throws(CorpusError) {
      let raw = try RawFile(file, isLooking: true)
      let lines = LineReader(
        try openStream(raw, windowLog: windowLog), longestLine: FieldGuess.byteLimit,
        window: ContentFormat.headSize)
      let survey = try FieldSurvey()
      var count = 0
      while count < 2, let line = try lines.next() {
        if line.bytes.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
        survey.add(line)
        count += 1
        if survey.lines < count { return false }
      }
      return count == 0 ? nil : true
    } catch {
      if error == .cancelled { throw error }
      return nil
    }
  }

  /// The error that names a file and what it is.
  static func refusal(
    _ file: InputFile, _ format: ContentFormat, _ advice: InputAdvice
  ) -> CorpusError {
    .refused(path: shown(file), found: format.name, instead: advice.command(format.instead))
  }

  private static func shown(_ file: InputFile) -> String {
    file.path == InputFile.standardInput ? "standard input" : file.path
  }

  /// The first bytes of the content; nil for a file that whoever reads it will find unreadable.
  private static func head(
    of file: InputFile, _ windowLog: Int
  ) throws(CorpusError) -> (bytes: [UInt8], compression: Compression)? {
    do throws(CorpusError) {
      let raw = try RawFile(file, isLooking: true)
      let compression = Compression(magic: try raw.peek(4))
      let stream = try openStream(raw, windowLog: windowLog)
      return (try firstBytes(of: stream, ContentFormat.headSize), compression)
    } catch {
      switch error {
      case .windowTooLarge, .cancelled: throw error
      default: return nil
      }
    }
  }

  private static func firstBytes(
    of stream: any ByteStream, _ count: Int
  ) throws(CorpusError) -> [UInt8] {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
    defer { memory.deallocate() }
    var filled = 0
    while filled < count {
      let more: Int
      do throws(CorpusError) {
        more = try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: memory[filled...]))
      } catch {
        if case .damagedStream = error { break }
        throw error
      }
      if more == 0 { break }
      filled += more
    }
    return Array(memory[..<filled])
  }
}
