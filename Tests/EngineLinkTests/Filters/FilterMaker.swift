import EngineInterface

/// Makes filters as people may type them.
struct FilterMaker {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func below(_ limit: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(limit))
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

  /// A filter that can be read.
  mutating func text(depth: Int) -> String {
    guard depth > 0, below(3) > 0 else { return term() }
    let parts = (0..<1 + below(3)).map { _ in text(depth: depth - 1) }
    switch below(4) {
    case 0: return "(" + parts.joined(separator: pick([" or ", " OR  "])) + ")"
    case 1: return "(" + parts.joined(separator: pick([" ", " and ", "\t"])) + ")"
    case 2: return parts.joined(separator: pick([" or ", " "]))
    default: return pick(["-", "not ", "not("]).wrapping("(" + parts[0] + ")")
    }
  }

  private mutating func term() -> String {
    let field = pick(FilterField.chunks)
    switch below(5) {
    case 0:
      return pick(["\"a word\"", "\"\\\"\"", "\"\\\\\"", "\"or\"", "\"/\"", "\"é\u{301} 日本\""])
    case 1: return pick(["/a+/", "/\\//", "/a\\\\/", "/[(\"]/", "/\\d{1,2} x/"])
    default: break
    }
    switch field.kind {
    case .flag: return field.name
    case .name:
      let names = (0..<1 + below(3)).map { _ in
        pick(["law", "\"two words\"", "a-b/c", "\"x,y\"", "\"\\\"q\\\"\"", "d<3", "é"])
      }
      return field.name + pick([":", "="]) + names.joined(separator: ",")
    case .number:
      let values = ["0", "-0.1", "500", "1e-3", "1e300", "0.30000000000000004", "-7", "+2"]
      let (one, two) = (pick(values), pick(values))
      let (low, high) = (Double(one) ?? 0) <= (Double(two) ?? 0) ? (one, two) : (two, one)
      return field.name
        + pick([
          "<\(one)", "<=\(one)", ">\(one)", ">=\(one)", "=\(one)", ":\(one)", ":\(low)..\(high)",
          ":\(low)..", ":..\(high)",
        ])
    }
  }

  /// Signs of the language in any order.
  mutating func noise() -> String {
    let pieces = [
      "d", "kept", "source", ":", "=", "<", ">", "..", ".", "-", "(", ")", "\"", "/", "\\", " ",
      ",",
      "or", "not", "and", "1", "0.5", "é", "👩‍👩‍👧", "law", "\t", "e",
    ]
    return (0..<below(14)).map { _ in pick(pieces) }.joined()
  }
}

extension String {
  /// "not(" closes itself around what it is given.
  fileprivate func wrapping(_ inner: String) -> String {
    hasSuffix("(") ? self + inner + ")" : self + inner
  }
}
