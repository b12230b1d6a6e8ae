/// How the first value of a JSON text lies over its lines, as its first bytes show.
struct JSONLayout {
  /// What there is to refuse, and the filter of jq that makes lines of it; nil for lines of objects,
  /// and for what is looked at line by line.
  private(set) var refusal: (name: String, filter: String)?

  /// A list of objects inside the first value.
  private struct Records {
    var path: [String]
    var bytes: Int
  }

  init(_ head: UnsafeRawBufferPointer) {
    var head = head
    if head.starts(with: byteOrderMark) {
      head = UnsafeRawBufferPointer(rebasing: head[byteOrderMark.count...])
    }
    var scan = JSONScan(head)
    scan.skipSpace()
    guard let opener = scan.byte else { return }
    if opener == UInt8(ascii: "[") {
      array(&scan)
    } else if opener == UInt8(ascii: "{") {
      object(&scan, head)
    } else if opener == UInt8(ascii: "\"") {
      string(&scan)
    }
  }

  /// Lists of objects that one object holds, as a filter of jq.
  static func filter(_ path: [String]) -> String {
    var filter = ""
    for key in path {
      let isPlain =
        !key.isEmpty && !(key.first?.isNumber ?? true)
        && key.utf8.allSatisfy {
          $0 == 0x5F || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
            || (0x61...0x7A).contains($0)
        }
      let quoted = key.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      filter += isPlain ? ".\(key)" : (filter.isEmpty ? ".[\"\(quoted)\"]" : "[\"\(quoted)\"]")
    }
    return filter + "[]"
  }

  /// Lines of strings. One in front of lines of objects is counted like any other broken line.
  private mutating func string(_ scan: inout JSONScan) {
    guard scan.string() != nil else { return }
    scan.skipSpace(overLines: false)
    guard scan.byte == 0x0A else { return }
    scan.skipSpace()
    if scan.byte == UInt8(ascii: "\"") { refusal = ("lines of JSON strings", "{text: .}") }
  }

  private mutating func array(_ scan: inout JSONScan) {
    let start = scan.place
    scan.step()
    scan.skipSpace()
    let first = scan.byte
    let isSpread = scan.newlines(from: start) > 0
    scan.skipValue()
    scan.skipSpace(overLines: false)
    // Where the first element ends a line, or another follows it, the array is one over the file.
    let goesOn = scan.byte == UInt8(ascii: ",") || scan.byte == nil || scan.byte == 0x0A
    scan.skipToEnd(of: start)
    scan.skipSpace()
    let isFollowed = scan.byte == UInt8(ascii: "{") || scan.byte == UInt8(ascii: "[")
    switch first {
    case UInt8(ascii: "{"):
      if !isFollowed || isSpread || scan.byte == UInt8(ascii: "[") {
        refusal = (
          isFollowed && !isSpread ? "lines of JSON arrays" : "one JSON array", ".[]"
        )
      }
    case UInt8(ascii: "\""):
      if isSpread || goesOn && !isFollowed {
        refusal = ("a JSON array of strings", ".[] | {text: .}")
      } else if scan.byte == UInt8(ascii: "[") {
        refusal = ("lines of JSON arrays of strings", ".[] | {text: .}")
      }
    case nil, UInt8(ascii: "]"): break
    default: if isSpread { refusal = ("one JSON array", ".[]") }
    }
  }

  private mutating func object(_ scan: inout JSONScan, _ head: UnsafeRawBufferPointer) {
    let start = scan.place
    var found: [Records] = []
    let isWhole = Self.members(of: &scan, [], &found)
    let isSpread = scan.newlines(from: start) > 0
    let isCut = scan.isAtEnd && scan.place >= ContentFormat.headSize
    // A broken line in front of whole ones is counted like any other.
    guard isSpread, isWhole || isCut else { return }
    var opening = JSONScan(head, at: start + 1)
    opening.skipSpace(overLines: false)
    var rest = scan
    rest.skipSpace()
    guard opening.byte == 0x0A || !found.isEmpty || rest.isAtEnd else { return }
    let best = found.max { $0.bytes < $1.bytes }
    if let best, !FieldGuess.chatNames.contains(best.path.last ?? "") {
      refusal = (
        "one JSON object around its records (\(best.path.joined(separator: ".")))",
        Self.filter(best.path)
      )
    } else {
      refusal = ("JSON spread over lines", ".")
    }
  }

  /// Walks over the members of an object and notes lists of objects; false where the text does not go
  /// on as JSON, or ends.
  private static func members(
    of scan: inout JSONScan, _ path: [String], _ found: inout [Records]
  ) -> Bool {
    scan.step()
    while true {
      scan.skipSpace()
      if scan.byte == UInt8(ascii: "}") {
        scan.step()
        return true
      }
      guard let key = scan.string() else { return false }
      scan.skipSpace()
      guard scan.byte == UInt8(ascii: ":") else { return false }
      scan.step()
      scan.skipSpace()
      let start = scan.place
      let inner = path + [key]
      if scan.byte == UInt8(ascii: "{"), inner.count < 4 {
        if !members(of: &scan, inner, &found) { return false }
      } else {
        let isRecords = scan.startsListOfObjects
        let isWhole = scan.skipValue()
        if isRecords { found.append(Records(path: inner, bytes: scan.place - start)) }
        if !isWhole { return false }
      }
      scan.skipSpace()
      if scan.byte == UInt8(ascii: ",") { scan.step() }
    }
  }
}

/// Goes over JSON without building anything of it.
struct JSONScan {
  private let bytes: UnsafeRawBufferPointer
  private(set) var place: Int

  init(_ bytes: UnsafeRawBufferPointer, at place: Int = 0) {
    self.bytes = bytes
    self.place = place
  }

  var byte: UInt8? { place < bytes.count ? bytes[place] : nil }
  var isAtEnd: Bool { place >= bytes.count }

  mutating func step() { place += 1 }

  mutating func skipSpace(overLines: Bool = true) {
    while let byte, byte == 0x20 || byte == 0x09 || byte == 0x0D || overLines && byte == 0x0A {
      place += 1
    }
  }

  func newlines(from start: Int) -> Int {
    bytes[min(start, bytes.count)..<min(place, bytes.count)].count { $0 == 0x0A }
  }

  /// The string here, escapes as they stand; nil where there is none, or no end of it.
  mutating func string() -> String? {
    guard byte == UInt8(ascii: "\"") else { return nil }
    let start = place + 1
    guard skipString() else { return nil }
    return String(decoding: bytes[start..<place - 1], as: UTF8.self)
  }

  /// Whether a list begins here whose first element is an object.
  var startsListOfObjects: Bool {
    guard byte == UInt8(ascii: "[") else { return false }
    var copy = self
    copy.step()
    copy.skipSpace()
    return copy.byte == UInt8(ascii: "{")
  }

  /// Goes behind the value here; false where the text ends inside it.
  @discardableResult
  mutating func skipValue() -> Bool {
    var depth = 0
    while let byte {
      switch byte {
      case UInt8(ascii: "\""):
        if !skipString() { return false }
        if depth == 0 { return true }
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return true }
        depth -= 1
        if depth == 0 {
          place += 1
          return true
        }
      case UInt8(ascii: ","), 0x0A, 0x20, 0x0D, 0x09: if depth == 0 { return true }
      default: break
      }
      place += 1
    }
    return false
  }

  /// Goes back to a value's start and behind its end.
  mutating func skipToEnd(of start: Int) {
    place = start
    skipValue()
  }

  private mutating func skipString() -> Bool {
    place += 1
    // No string goes over the end of a line: behind a broken one nothing is known.
    while let byte, byte != 0x0A {
      place += 1
      if byte == UInt8(ascii: "\\") { place += 1 }
      if byte == UInt8(ascii: "\"") { return true }
    }
    return false
  }
}
