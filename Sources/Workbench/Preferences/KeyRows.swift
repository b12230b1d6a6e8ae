import TerminalUI

/// An action with its keys, as `help keys` and the manual page list them.
public struct KeyRow: Codable, Hashable, Sendable {
  /// Title of the screen, or "everywhere".
  public let screen: String
  public let id: String
  public let keys: [String]
  public let title: String
}

extension ActionTable {
  /// All actions in the order of the screens, then those that hold everywhere.
  public var rows: [KeyRow] {
    func rows(_ actions: [Action], _ screen: String) -> [KeyRow] {
      actions.map {
        KeyRow(screen: screen, id: $0.id, keys: $0.keys.map(\.name), title: $0.title)
      }
    }
    return ScreenID.allCases.flatMap { rows(own(of: $0), $0.title) }
      + rows(everywhere, "everywhere")
  }
}
