import CSimdjson
import Glibc

/// Turns the bytes of slabs into documents of tokens. One for each thread.
final class SlabWorker {
  private let options: ReaderOptions
  private let parser: LineParser
  private let encoder: any TextEncoding
  private let endOfText: Int32
  /// Labels of the slab in work.
  private var labelIDs: [String: Int32] = [:]
  private var lastLabel: [UInt8] = []
  private var lastLabelID: Int32 = -1

  init(
    options: ReaderOptions, encoder: any TextEncoding, endOfText: Int32
  ) throws(CorpusError) {
    self.options = options
    parser = try LineParser(options)
    self.encoder = encoder
    self.endOfText = endOfText
  }

  /// Parses and tokenizes; what goes wrong stands in `slab.workFailure`.
  func work(on slab: Slab) {
    labelIDs.removeAll(keepingCapacity: true)
    lastLabelID = -1
    do throws(CorpusError) {
      switch slab.content {
      case .lines: try readLines(slab)
      case .text: try readText(slab)
      case .nothing: break
      }
      if let long = slab.overlong { try rejectLong(slab, long) }
      if let damage = slab.damage { try rejectDamage(slab, damage) }
    } catch {
      slab.workFailure = error
    }
  }

  private func readLines(_ slab: Slab) throws(CorpusError) {
    let base = UnsafeRawPointer(slab.bytes)
    var start = 0
    while start < slab.count {
      let found = memchr(base + start, 0x0A, slab.count - start)
      let end = found.map { base.distance(to: UnsafeRawPointer($0)) } ?? slab.count
      slab.lines += 1
      let line = UnsafeRawBufferPointer(start: base + start, count: end - start)
      if line.count > options.longestDocument {
        try reject(slab, .tooLong, offset: slab.offset + start, line: slab.lines, bytes: line)
        start = end + 1
        continue
      }
      switch parser.parse(line, isFirst: slab.offset + start == 0) {
      case .blank: break
      case .reject(let reason):
        try reject(slab, reason, offset: slab.offset + start, line: slab.lines, bytes: line)
      case .text(let text):
        let label = label(of: slab, named: parser.source)
        if line.count > Slab.largeSize {
          try addLong(text, of: line, label: label, offset: slab.offset + start, to: slab)
        } else {
          try add(text, label: label, offset: slab.offset + start, line: slab.lines, to: slab)
        }
      }
      start = end + 1
    }
  }

  /// A very long text moves over its own line, so that the parser's memory is free before the
  /// tokens take theirs.
  private func addLong(
    _ text: UnsafeBufferPointer<UInt8>, of line: UnsafeRawBufferPointer, label: Int32,
    offset: Int, to slab: Slab
  ) throws(CorpusError) {
    guard let start = line.baseAddress, let source = text.baseAddress else { return }
    let target = UnsafeMutableRawPointer(mutating: start)
    // Unescaping never makes a text longer.
    memmove(target, source, text.count)
    parser.release(after: line.count)
    let copy = UnsafeRawBufferPointer(start: start, count: text.count)
    let copied = copy.bindMemory(to: UInt8.self)
    try add(copied, label: label, offset: offset, line: slab.lines, to: slab)
  }

  private func readText(_ slab: Slab) throws(CorpusError) {
    var bytes = slab.contentBytes
    guard slab.damage == nil else { return }
    if bytes.count > options.longestDocument {
      return try reject(slab, .tooLong, offset: 0, line: 0, bytes: bytes)
    }
    if bytes.starts(with: byteOrderMark) {
      bytes = UnsafeRawBufferPointer(rebasing: bytes[byteOrderMark.count...])
    }
    let text = bytes.bindMemory(to: UInt8.self)
    if text.isEmpty && !options.keepsEmptyTexts {
      return try reject(slab, .emptyText, offset: 0, line: 0, bytes: bytes)
    }
    if csj_is_utf8(text.baseAddress, text.count) == 0 {
      return try reject(slab, .badUTF8, offset: 0, line: 0, bytes: bytes)
    }
    try add(text, label: label(of: slab, named: nil), offset: 0, line: 0, to: slab)
  }

  private func add(
    _ text: UnsafeBufferPointer<UInt8>, label: Int32, offset: Int, line: Int, to slab: Slab
  ) throws(CorpusError) {
    do {
      try encoder.encode(text, into: &slab.tokens)
    } catch {
      throw .tokenizer(reason: "a document of \(slab.file?.path ?? "the input"): \(error)")
    }
    slab.tokens.append(endOfText)
    slab.documents.append(
      SlabDocument(
        label: label, offset: offset, line: line, textBytes: text.count,
        fingerprint: Fingerprint.hash64(UnsafeRawBufferPointer(text)),
        tokenEnd: slab.tokens.count))
  }

  /// Most documents stand beside others of their source: only a change is looked up.
  private func label(of slab: Slab, named name: UnsafeBufferPointer<UInt8>?) -> Int32 {
    if let name, lastLabelID >= 0, name.count == lastLabel.count, name.elementsEqual(lastLabel) {
      return lastLabelID
    }
    let text =
      name.map { String(decoding: $0, as: UTF8.self) } ?? slab.file?.source ?? options.unlabelled
    let id: Int32
    if let known = labelIDs[text] {
      id = known
    } else {
      id = Int32(slab.labels.count)
      slab.labels.append(text)
      labelIDs[text] = id
    }
    if let name {
      lastLabel = Array(name)
      lastLabelID = id
    }
    return id
  }

  private func reject(
    _ slab: Slab, _ reason: RejectReason, offset: Int, line: Int, bytes: UnsafeRawBufferPointer
  ) throws(CorpusError) {
    slab.rejects.append(
      Reject(
        file: slab.file?.path ?? "", offset: offset, line: line, reason: reason,
        start: String(decoding: bytes.prefix(200), as: UTF8.self), length: bytes.count))
  }

  private func rejectLong(
    _ slab: Slab, _ long: (offset: Int, length: Int, start: String)
  ) throws(CorpusError) {
    let isLine = slab.file?.kind == .jsonLines
    if isLine { slab.lines += 1 }
    slab.rejects.append(
      Reject(
        file: slab.file?.path ?? "", offset: long.offset, line: isLine ? slab.lines : 0,
        reason: .tooLong, start: long.start, length: long.length))
  }

  private func rejectDamage(_ slab: Slab, _ damage: CorpusError) throws(CorpusError) {
    guard case .damagedStream(_, let offset, let reason) = damage else { throw damage }
    if options.strict { throw damage }
    slab.rejects.append(
      Reject(
        file: slab.file?.path ?? "", offset: offset, line: 0, reason: .damagedStream,
        start: reason))
  }
}
