/// Makes filters that fit a corpus: by its sources, numbers and words.
struct FilterChooser {
  private var state: UInt64
  private let sources: [String]
  private let count: Int
  private let differences: [Double]
  private let words: [String]

  init(seed: UInt64, sources: [String], count: Int, differences: [Double], words: [String]) {
    state = seed
    self.sources = sources
    self.count = count
    self.differences = differences
    self.words = words.filter { $0.allSatisfy { $0.isASCII && $0.isLetter } && $0.count > 3 }
  }

  private mutating func below(_ limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(max(1, limit)))
  }

  private mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[below(elements.count)]
  }

  mutating func text(depth: Int) -> String {
    guard depth > 0, below(3) > 0 else { return term() }
    let parts = (0..<2).map { _ in text(depth: depth - 1) }
    switch below(3) {
    case 0: return "(" + parts.joined(separator: " or ") + ")"
    case 1: return "(" + parts.joined(separator: " ") + ")"
    default: return "-" + "(" + parts[0] + ")"
    }
  }

  private mutating func term() -> String {
    switch below(12) {
    case 0: return pick(["kept", "dropped", "floor", "capped", "manual", "scored"])
    case 1: return "source:" + String(pick(sources).prefix(3))
    case 2: return "source=" + pick(sources) + "," + pick(sources)
    case 3: return "d" + pick(["<", "<=", ">", ">=", "="]) + "\(pick(differences))"
    case 4: return "d:..\(pick(differences))"
    case 5: return "tokens" + pick(["<", ">=", "="]) + "\(pick([20, 30, 32, 33]))"
    case 6: return "rank<=\(below(count))"
    case 7: return "chunk:\(below(count / 2)).."
    case 8: return "document:\(below(20))..\(20 + below(40))"
    case 9: return "\"" + pick(words).uppercased() + "\""
    case 10: return "/" + pick(words) + " [a-m]/"
    default:
      return pick(["teacher", "reference"]) + pick(["<", ">"]) + "\(5 + Double(below(100)) / 100)"
    }
  }
}
