/// What a part of a file says of itself: "bytes 100-199/1000".
package struct ContentRange: Equatable {
  package var first: Int
  /// Nil where the server does not know it.
  package var total: Int?

  package init?(_ text: String) {
    let words = text.split(separator: " ")
    guard words.count == 2, words[0].lowercased() == "bytes" else { return nil }
    let parts = words[1].split(separator: "/")
    let ends = parts.first?.split(separator: "-") ?? []
    guard parts.count == 2, ends.count == 2, let first = Int(ends[0]), let last = Int(ends[1]),
      first >= 0, last >= first
    else { return nil }
    self.first = first
    if parts[1] != "*" {
      guard let total = Int(parts[1]), total > last else { return nil }
      self.total = total
    }
  }
}
