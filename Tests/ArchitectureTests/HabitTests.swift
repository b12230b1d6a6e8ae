import Testing

@Suite struct HabitTests {
  let tree: SourceTree

  init() throws { tree = try SourceTree() }

  @Test func noFileIsTooLong() {
    for file in tree.files where !file.text.hasPrefix("// Made by scripts/") {
      #expect(file.lines.count <= 400, "\(file.path) has \(file.lines.count) lines")
    }
  }

  @Test func librariesThrowInsteadOfDying() {
    for file in tree.files where file.path.hasSuffix(".swift") {
      for word in ["fatalError(", "preconditionFailure(", "try!", " as! "] {
        #expect(!file.text.contains(word), "\(file.path) contains \(word)")
      }
    }
  }

  @Test func nothingIsLeftForLater() {
    for file in tree.files {
      for word in ["TODO", "FIXME", "XXX", "HACK"] {
        #expect(!file.text.contains(word), "\(file.path) contains \(word)")
      }
    }
  }
}
