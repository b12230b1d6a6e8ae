import TerminalUI

/// One action in lists of keys: the manual page, `miniplm help keys`.
public struct KeyRow: Hashable, Sendable, Codable {
  /// The screen on which it holds; "everywhere" for all.
  public let place: String
  public let id: String
  /// As help writes them.
  public let keys: [String]
  public let title: String
}

extension ActionTable {
  public static let everywhereTitle = "everywhere"

  /// Every action with its keys, those of everywhere first, then screen by screen.
  public var keyRows: [KeyRow] {
    func rows(_ actions: [Action], _ place: String) -> [KeyRow] {
      actions.map {
        KeyRow(place: place, id: $0.id, keys: $0.keys.map(\.name), title: $0.title)
      }
    }
    return rows(everywhere, Self.everywhereTitle)
      + ScreenID.allCases.flatMap { rows(own(of: $0), "\($0)") }
  }
}
