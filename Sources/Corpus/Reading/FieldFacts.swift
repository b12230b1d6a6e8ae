import CSimdjson

/// What the values of one field were in the lines looked at.
struct FieldFacts {
  /// Lines with a string, with messages, with a list of objects, of strings, with something else.
  private(set) var strings = 0
  private(set) var chats = 0
  private(set) var records = 0
  private(set) var stringLists = 0
  private(set) var others = 0
  /// Lines with a string, a number, true or false: what can label a source.
  private(set) var scalars = 0
  /// Bytes of the strings and of the contents of messages...
  private(set) var bytes = 0
  /// ...and of lists as they are spelt; most elements of one.
  private(set) var listBytes = 0
  private(set) var elements = 0
  private(set) var labels: Set<[UInt8]> = []
  /// The start of the first string.
  private(set) var example = ""
  /// Strings with space between words; with nothing but an address, a digest, a date; with markup.
  private var spaced = 0
  private var references = 0
  private var marked = 0
  /// The line that was noted last, what it gave, and with how many keys: of equal names in a line the
  /// one with the fewest keys counts, and of these the last.
  private var line = -1
  private var keys = 0
  private var before: [FieldFacts] = []

  /// Lines in which the field is a text.
  var texts: Int { strings + chats }
  var meanBytes: Int { bytes / max(1, texts) }
  /// Most strings are words with space between them.
  var isProse: Bool { spaced * 2 > strings && !isReference }
  /// Most strings name or place something.
  var isReference: Bool { references * 2 > strings }
  var isMarkup: Bool { marked * 2 > strings }
  /// Strings so short that they can be labels.
  var isLabel: Bool { strings > 0 && meanBytes <= 24 && !isProse }

  /// Counts a value of line number `line`, with `keys` keys on its way.
  mutating func note(_ value: csj_value, line number: Int) {
    if number == line {
      guard Int(value.keys) <= keys, let previous = before.first else { return }
      let labels = labels
      self = previous
      self.labels = labels
    }
    var previous = self
    (previous.before, previous.labels) = ([], [])
    before = [previous]
    (line, keys) = (number, Int(value.keys))
    let count = Int(value.count)
    switch value.kind {
    case CSJ_SCALAR:
      (others, scalars) = (others + 1, scalars + 1)
      if let start = value.bytes {
        noteLabel(UnsafeBufferPointer(start: start, count: count))
      }
    case CSJ_STRING:
      (strings, scalars) = (strings + 1, scalars + 1)
      bytes += count
      if let start = value.bytes { note(UnsafeBufferPointer(start: start, count: count)) }
    case CSJ_OTHER where value.is_chat == 1:
      chats += 1
      bytes += count
    case CSJ_OTHER:
      listBytes += count
      elements = max(elements, Int(value.elements))
      if value.objects > 0, value.objects == value.elements {
        records += 1
      } else if value.strings > 0, value.strings == value.elements {
        stringLists += 1
      } else {
        others += 1
      }
    default: others += 1
    }
  }

  private mutating func noteLabel(_ text: UnsafeBufferPointer<UInt8>) {
    if text.count <= 200, labels.count <= FieldGuess.lineLimit { labels.insert(Array(text)) }
  }

  private mutating func note(_ text: UnsafeBufferPointer<UInt8>) {
    noteLabel(text)
    let head = UnsafeBufferPointer(rebasing: text.prefix(1 << 12))
    if example.isEmpty {
      example = String(decoding: head.prefix(160), as: UTF8.self)
    }
    if ValueShape.isReference(head) {
      references += 1
    } else if ValueShape.isSpaced(head) {
      spaced += 1
    }
    if head.first == UInt8(ascii: "<"), head.contains(UInt8(ascii: ">")) { marked += 1 }
  }

  /// The field for people: what it holds, in how many lines, with an example.
  func description(_ name: String, of lines: Int) -> String {
    let kind: String
    if chats > 0 {
      kind = "messages in \(chats) of \(lines) lines, \(meanBytes) bytes each"
    } else if strings > 0 {
      kind = "string in \(min(lines, strings)) of \(lines) lines, \(meanBytes) bytes each"
    } else if records > 0 {
      kind = "list of objects in \(records) of \(lines) lines"
    } else if stringLists > 0 {
      kind = "list of strings in \(stringLists) of \(lines) lines"
    } else {
      kind = "no string in \(lines) lines"
    }
    let start = example.prefix(40).map { $0.isNewline ? " " : String($0) }.joined()
    return "\(name) (\(kind)\(start.isEmpty ? "" : ", such as \"\(start)\""))"
  }
}
