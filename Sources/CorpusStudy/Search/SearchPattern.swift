import CRegex

/// What to look for: plain text or a regular expression in RE2's syntax, which takes time linear in
/// the text. Any number of threads may search with one pattern.
public final class SearchPattern: @unchecked Sendable {
  // Sendable: RE2's compiled expressions are safe to share, and nothing here changes.

  /// As it was given.
  public let text: String
  private let compiled: OpaquePointer

  /// - Throws: `CorpusStudyError.pattern` for an empty pattern or one that RE2 does not take.
  public init(
    _ text: String, isRegex: Bool = false, ignoresCase: Bool = true
  ) throws(CorpusStudyError) {
    guard !text.isEmpty else { throw .pattern(text: text, reason: "it is empty") }
    var reason = [CChar](repeating: 0, count: 256)
    let compiled = Array(text.utf8).withUnsafeBufferPointer {
      cre_compile($0.baseAddress, $0.count, !isRegex, ignoresCase, &reason, reason.count)
    }
    guard let compiled else {
      let bytes = reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      throw .pattern(text: text, reason: String(decoding: bytes, as: UTF8.self))
    }
    self.text = text
    self.compiled = compiled
  }

  deinit { cre_free(compiled) }

  /// Whether it is found anywhere in a text of UTF-8.
  public func isFound(in text: [UInt8]) -> Bool {
    text.withUnsafeBufferPointer { firstMatch(in: $0) != nil }
  }

  /// Place of the first match at or behind `start`, in bytes.
  func firstMatch(in text: UnsafeBufferPointer<UInt8>, from start: Int = 0) -> Range<Int>? {
    var (first, end) = (0, 0)
    guard start <= text.count,
      cre_find(compiled, text.baseAddress, text.count, start, &first, &end)
    else { return nil }
    return first..<end
  }
}
