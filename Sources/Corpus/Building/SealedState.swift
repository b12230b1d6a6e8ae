import Store

/// A state with the SHA-256 of its own text: a file that somebody or something has changed is no
/// state to go on from.
struct SealedState<State: Codable>: Codable {
  var state: State
  var sha256: String

  /// Reads the state of `path`; nil where there is none, or it is not as it was written.
  static func read(_ path: String) -> State? {
    guard let sealed = try? JSONFile.read(Self.self, from: path),
      let text = try? JSONFile.text(of: sealed.state),
      let digest = try? Digest.sha256(text.utf8), digest == sealed.sha256
    else { return nil }
    return sealed.state
  }

  /// Writes `state` to `path`.
  static func write(_ state: State, to path: String) throws(StoreError) {
    let digest = try Digest.sha256(try JSONFile.text(of: state).utf8)
    try JSONFile.write(Self(state: state, sha256: digest), to: path)
  }
}
