import Glibc

/// File names with `*`, `?`, `[...]` and `{a,b}`, for patterns that no shell has resolved.
enum GlobPattern {
  /// The paths that match, sorted as the system sorts them; nil if `text` is no pattern or matches
  /// nothing.
  static func matches(of text: String) -> [String]? {
    guard text.contains(where: { "*?[{".contains($0) }) else { return nil }
    var result = glob_t()
    defer { globfree(&result) }
    guard glob(text, GLOB_BRACE | GLOB_TILDE, nil, &result) == 0 else { return nil }
    var paths: [String] = []
    for index in 0..<Int(result.gl_pathc) {
      if let path = result.gl_pathv[index] { paths.append(String(cString: path)) }
    }
    return paths.isEmpty ? nil : paths
  }
}
