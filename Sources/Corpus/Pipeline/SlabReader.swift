import Glibc
import Store

/// Cuts the input files into slabs, one after the other, at the ends of lines.
///
/// A line longer than a slab makes the slab grow, up to the longest line allowed; what is longer is
/// passed over without being kept. One thread at a time.
final class SlabReader {
  enum Outcome {
    /// The slab is filled.
    case slab
    /// The slab holds a long line and must not grow before no other large slab is in work; call
    /// again with the same slab.
    case needsPermit
    /// No input is left; the slab is empty.
    case end
  }

  private let files: [InputFile]
  private let options: ReaderOptions
  private let slabSize: Int
  private var fileIndex: Int
  private var resumeOffset: Int
  /// What the content before `resumeOffset` must have for its digest; nil where size and time of the
  /// file stand for it.
  private let resumeDigest: String?
  private let windowLog: Int
  private let digesting: Bool
  /// Over the content of a stream as far as it has gone out in slabs.
  private var content: Digest.Hasher?
  private var current: OpenFile?
  private var finishedBytes = 0
  /// The start of a line whose end was not read yet.
  private var carry: [UInt8] = []
  /// A slab that waits for its permit is filled already up to its capacity.
  private var isWaiting = false

  private struct OpenFile {
    let raw: RawFile
    let stream: any ByteStream
    /// Where the next byte of `stream` stands in the content.
    var offset = 0
  }

  /// - Parameter digesting: computes the SHA-256 of every file on the way.
  init(
    files: [InputFile], options: ReaderOptions, slabSize: Int, from position: ReaderPosition,
    prefixDigest: String? = nil, windowLog: Int = DecompressionLimit.windowLog,
    digesting: Bool = true
  ) throws(CorpusError) {
    self.files = files
    self.options = options
    self.slabSize = slabSize
    fileIndex = position.file
    resumeOffset = position.offset
    resumeDigest = prefixDigest
    self.windowLog = windowLog
    self.digesting = digesting
    for file in files.prefix(position.file) { finishedBytes += try file.size() }
  }

  /// Fills `slab`; `mayGrow` permits more than `Slab.largeSize`.
  func fill(_ slab: Slab, mayGrow: Bool) -> Outcome {
    do throws(CorpusError) {
      return try read(into: slab, mayGrow: mayGrow)
    } catch {
      // What was read stands for nothing: the state goes on before it.
      slab.failure = error
      (slab.content, slab.count) = (.nothing, 0)
      fileIndex = files.count
      return .slab
    }
  }

  private func read(into slab: Slab, mayGrow: Bool) throws(CorpusError) -> Outcome {
    guard fileIndex < files.count else { return .end }
    let file = files[fileIndex]
    if !isWaiting {
      do throws(CorpusError) {
        try start(slab, file)
      } catch {
        guard case .unreadable(_, let reason) = error, !file.isNamed else { throw error }
        return leaveOut(slab, file, reason)
      }
    }
    let isStart = !isWaiting && slab.offset == 0 && carry.isEmpty && slab.count == 0
    isWaiting = false
    guard var open = current else { return .end }
    var ended = false
    do throws(CorpusError) {
      if isStart { ended = try look(slab, &open, file) }
      while !ended {
        if slab.count == slab.capacity {
          if slab.content == .lines, cut(slab) { break }
          if slab.capacity > options.longestDocument {
            ended = try passOver(slab, &open)
            break
          }
          let size = min(2 * slab.capacity, options.longestDocument + 1)
          if size > Slab.largeSize, !mayGrow {
            current = open
            isWaiting = true
            return .needsPermit
          }
          try slab.grow(to: size)
        }
        // Inside a long line small steps find its end early, so that little is carried over.
        let isLong = slab.content == .lines && slab.count >= slabSize
        let room = isLong ? slab.room.prefix(slabSize) : slab.room[...]
        let target = UnsafeMutableRawBufferPointer(rebasing: room)
        let count = try open.stream.read(into: target)
        if count == 0 {
          ended = true
          break
        }
        slab.count += count
        open.offset += count
        if isLong, cut(slab, behind: slab.count - count) { break }
      }
    } catch {
      guard case .damagedStream = error else { throw error }
      ended = true
      slab.damage = error
      dropRest(slab, open)
    }
    current = open
    slab.endOffset = open.offset - carry.count
    content?.update(slab.contentBytes)
    do throws(StoreError) {
      slab.prefixDigest = try content?.current()
    } catch {
      throw .store(error)
    }
    slab.bytesRead = finishedBytes + open.raw.bytesRead
    if ended { try finish(slab, file) }
    return .slab
  }

  /// Reads the first bytes of a file in a folder and passes over what is no text, as what was named
  /// was refused before; true at the end of the file.
  private func look(
    _ slab: Slab, _ open: inout OpenFile, _ file: InputFile
  ) throws(CorpusError) -> Bool {
    if file.isNamed { return false }
    var ended = false
    while slab.count < min(ContentFormat.headSize, slab.capacity) {
      let count = try open.stream.read(into: slab.room)
      if count == 0 {
        ended = true
        break
      }
      slab.count += count
      open.offset += count
    }
    let head = UnsafeRawBufferPointer(rebasing: slab.contentBytes.prefix(ContentFormat.headSize))
    let isLines = slab.content == .lines
    guard let found = ContentFormat.find(in: head, isJSONLines: isLines) else { return ended }
    let advice = InputAdvice(
      path: file.path, isStream: file.isStream,
      compression: open.stream is GzipStream
        ? .gzip : open.stream is ZstdStream ? .zstd : .none)
    if found.isTable { throw InputCheck.refusal(file, found, advice) }
    slab.refused = (.notText, found.name)
    (slab.content, slab.count) = (.nothing, 0)
    return true
  }

  /// A file of a folder that cannot be opened is counted, and the next one read.
  private func leaveOut(_ slab: Slab, _ file: InputFile, _ reason: String) -> Outcome {
    (slab.file, slab.fileIndex) = (file, fileIndex)
    slab.refused = (.unreadable, reason)
    slab.finished = InputSummary(
      path: file.path, bytes: 0, modified: 0, sha256: nil, documents: 0)
    slab.bytesRead = finishedBytes
    current = nil
    fileIndex += 1
    return .slab
  }

  /// Opens the next file if none is open, and gives the slab its place.
  private func start(_ slab: Slab, _ file: InputFile) throws(CorpusError) {
    if current == nil {
      let raw = try RawFile(file, digesting: digesting)
      current = OpenFile(raw: raw, stream: try openStream(raw, windowLog: windowLog))
      content = nil
      if file.isStream {
        do throws(StoreError) {
          content = try Digest.Hasher()
        } catch {
          throw .store(error)
        }
      }
      try skip(resumeOffset, slab)
      resumeOffset = 0
    }
    slab.file = file
    slab.fileIndex = fileIndex
    slab.content = file.kind == .jsonLines ? .lines : .text
    slab.offset = (current?.offset ?? 0) - carry.count
    try slab.grow(to: carry.count)
    carry.withUnsafeBytes { slab.room.copyMemory(from: $0) }
    slab.count = carry.count
    carry.removeAll(keepingCapacity: true)
  }

  /// Drops the first bytes of the open file, which an earlier run has taken.
  private func skip(_ offset: Int, _ slab: Slab) throws(CorpusError) {
    while let open = current, open.offset < offset {
      let target = UnsafeMutableRawBufferPointer(
        rebasing: slab.room.prefix(offset - open.offset))
      let count = try open.stream.read(into: target)
      if count == 0 { break }
      content?.update(UnsafeRawBufferPointer(rebasing: target[..<count]))
      current?.offset += count
    }
    guard offset > 0, let resumeDigest else { return }
    var found: String?
    do throws(StoreError) {
      found = try content?.current()
    } catch {
      throw .store(error)
    }
    if found != resumeDigest { throw .otherStream(bytes: offset) }
  }

  /// Keeps the whole lines of a slab and carries the rest over; false without a line end behind
  /// `start`.
  private func cut(_ slab: Slab, behind start: Int = 0) -> Bool {
    guard let newline = slab.contentBytes[start...].lastIndex(of: 0x0A) else { return false }
    let end = newline + 1
    carry.append(contentsOf: slab.contentBytes[end...])
    slab.count = end
    return true
  }

  /// Reads on to the end of a line, or a text, that is too long, keeping nothing; true at the end
  /// of the file.
  private func passOver(_ slab: Slab, _ open: inout OpenFile) throws(CorpusError) -> Bool {
    let start = String(decoding: slab.contentBytes.prefix(200), as: UTF8.self)
    let isText = slab.content == .text
    slab.content = .nothing
    var length = slab.count
    content?.update(slab.contentBytes)
    slab.count = 0
    var ended = false
    // Also a stream that breaks inside the line leaves the line noted.
    defer { slab.overlong = (slab.offset, length, start) }
    while true {
      let target = UnsafeMutableRawBufferPointer(rebasing: slab.room.prefix(1 << 20))
      let count = try open.stream.read(into: target)
      if count == 0 {
        ended = true
        break
      }
      open.offset += count
      if !isText, let newline = memchr(slab.bytes, 0x0A, count) {
        let end = UnsafeRawPointer(slab.bytes).distance(to: UnsafeRawPointer(newline))
        length += end
        content?.update(UnsafeRawBufferPointer(rebasing: target[...end]))
        carry.append(contentsOf: UnsafeRawBufferPointer(rebasing: target[(end + 1)..<count]))
        break
      }
      length += count
      content?.update(UnsafeRawBufferPointer(rebasing: target[..<count]))
    }
    return ended
  }

  /// Loses the line or the text that broke off with its stream.
  private func dropRest(_ slab: Slab, _ open: OpenFile) {
    if slab.content == .lines {
      if !cut(slab) {
        carry.append(contentsOf: slab.contentBytes)
        slab.count = 0
      }
      if carry.count > options.longestDocument {
        let start = String(decoding: carry.prefix(200), as: UTF8.self)
        slab.overlong = (open.offset - carry.count, carry.count, start)
      }
    } else {
      slab.count = 0
    }
    carry.removeAll(keepingCapacity: true)
  }

  private func finish(_ slab: Slab, _ file: InputFile) throws(CorpusError) {
    guard let open = current else { return }
    let digest = try open.raw.finishDigest()
    let status = try open.raw.finishedState(
      readWhole: digesting || slab.damage == nil && slab.refused == nil)
    slab.finished = InputSummary(
      path: file.path, bytes: status.size, modified: status.modified, sha256: digest,
      documents: 0)
    finishedBytes += status.size
    slab.bytesRead = finishedBytes
    current = nil
    fileIndex += 1
  }
}
