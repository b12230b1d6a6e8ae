/// What tokenizer.json does to a text before words are cut.
struct Normalizer: Sendable {
  enum Step: Sendable {
    /// Single characters, and normalisation forms between them.
    case characters(CharacterChain)
    case form(NormalForm)
    case replace(TextReplacement)
    case prepend([UInt8])
    case strip(left: Bool, right: Bool)
    case precompiled(PrecompiledMap)
  }

  let steps: [Step]
  /// Whether it is NFC and nothing else, for which there is a faster way.
  let isComposition: Bool

  static let none = Normalizer(steps: [])

  init(steps: [Step]) {
    self.steps = steps
    isComposition =
      steps.count == 1 && steps.allSatisfy { if case .form(.c) = $0 { true } else { false } }
  }

  /// Memory that one thread keeps between texts.
  final class Scratch {
    fileprivate var front = ByteBuffer()
    fileprivate var back = ByteBuffer()
    fileprivate let spare = ByteBuffer()
    /// By step; only steps with an expression have one.
    fileprivate var searchers: [RegexSearcher?] = []

    fileprivate func searcher(_ step: Int, of replacement: TextReplacement) -> RegexSearcher? {
      guard case .expression(let expression) = replacement.pattern else { return nil }
      while searchers.count <= step { searchers.append(nil) }
      if let known = searchers[step] { return known }
      let searcher = expression.searcher()
      searchers[step] = searcher
      return searcher
    }
  }

  /// A normalised text.
  struct Result {
    /// Valid until the scratch memory is used again; the text itself when nothing changed.
    let text: UnsafeBufferPointer<UInt8>
    /// How many bytes at its start come from where the text starts, as `tokenizers` keeps account.
    let leading: Int
  }

  /// Normalises valid UTF-8.
  ///
  /// - Parameter leading: how many bytes at the start of `text` count as coming from the start of
  ///   the document, zero in its middle.
  func normalize(
    _ text: UnsafeBufferPointer<UInt8>, leading: Int, _ scratch: Scratch
  ) -> Result {
    var current = text
    var leading = leading
    for (place, step) in steps.enumerated() {
      scratch.back.clear()
      let searcher: RegexSearcher? =
        if case .replace(let replacement) = step { scratch.searcher(place, of: replacement) } else {
          nil
        }
      let changed = Self.apply(step, to: current, scratch, searcher)
      guard changed else { continue }
      if leading > 0 {
        let account = LeadingBytes(text: current, result: scratch.back.bytes, leading: leading)
        leading = account.after(step, searcher)
      }
      swap(&scratch.front, &scratch.back)
      current = scratch.front.bytes
    }
    return Result(text: current, leading: leading)
  }

  /// Normalises a text of its own, such as that of an added token.
  func normalized(_ bytes: [UInt8]) -> [UInt8] {
    let scratch = Scratch()
    return bytes.withUnsafeBufferPointer { Array(normalize($0, leading: 0, scratch).text) }
  }

  private static func apply(
    _ step: Step, to text: UnsafeBufferPointer<UInt8>, _ scratch: Scratch,
    _ searcher: RegexSearcher?
  ) -> Bool {
    let output = scratch.back
    switch step {
    case .characters(let chain):
      return chain.convert(text, into: output, spare: scratch.spare)
    case .form(let form): return form.converter.convert(text, into: output)
    case .replace(let replacement):
      return replacement.convert(text, into: output, searcher: searcher)
    case .precompiled(let map): return map.convert(text, into: output)
    case .prepend(let start):
      guard let base = text.baseAddress, !text.isEmpty, !start.isEmpty else { return false }
      output.append(start)
      output.append(base, count: text.count)
      return true
    case .strip(let left, let right):
      guard let base = text.baseAddress else { return false }
      let kept = WhiteSpace.stripped(base, text.count, left: left, right: right)
      if kept.count == text.count { return false }
      output.append(base + kept.lowerBound, count: kept.count)
      return true
    }
  }
}

/// White space around text.
enum WhiteSpace {
  /// What is left without the white space at the ends.
  static func stripped(
    _ base: UnsafePointer<UInt8>, _ count: Int, left: Bool, right: Bool
  ) -> Range<Int> {
    let text = UTF8Text(bytes: base)
    let start = left ? text.endOfRun(of: .space, from: 0, to: count) : 0
    var end = count
    while right, end > start {
      let previous = text.start(before: end)
      if !text.scalarClass(at: previous).value.contains(.space) { break }
      end = previous
    }
    return start..<end
  }
}
