import TerminalUI

/// keys.toml: the id of an action = a key or a list of keys, by the names that the screens use. An
/// empty list takes an action's keys away; it stays in the palette.
public enum KeyFile {
  /// Reads the file; what cannot be used is complained about and keeps its shipped keys.
  ///
  /// - Parameter file: The name that complaints begin with.
  public static func read(
    _ text: String, file: String
  ) -> (table: ActionTable, complaints: [Complaint]) {
    var keys: [String: [Key]] = [:]
    var lines: [String: Int] = [:]
    var complaints: [Complaint] = []
    do {
      let known = ActionTable.standard.actions.map(\.id)
      for entry in try TOMLText(text).entries {
        guard known.contains(entry.key) else {
          complaints.append(.unknown(entry, "action", known: known, in: file))
          continue
        }
        guard let read = Self.keys(entry.value) else {
          complaints.append(
            .bad(entry, expected: "a key as \"q\", \"Ctrl-P\", \"F5\" or a list of keys", in: file))
          continue
        }
        keys[entry.key] = read
        lines[entry.key] = entry.line
      }
    } catch {
      complaints.append(.notTOML(error, in: file))
    }
    let table = ActionTable(keys: keys)
    complaints += clashes(table, lines, file)
    return (table, complaints)
  }

  private static func keys(_ value: TOMLText.Value) -> [Key]? {
    let names: [String]
    switch value {
    case .text(let name): names = [name]
    case .list(let list): names = list
    default: return nil
    }
    let keys = names.compactMap(Key.init(name:))
    return keys.count == names.count ? keys : nil
  }

  /// A key with two meanings is told at the last line that gives it one of them.
  private static func clashes(
    _ table: ActionTable, _ lines: [String: Int], _ file: String
  ) -> [Complaint] {
    table.conflicts.map { sentence in
      let words = Set(sentence.split(separator: " ").map(String.init))
      let line = lines.filter { words.contains($0.key) }.values.max() ?? 1
      return Complaint(file: file, line: line, text: sentence)
    }
  }
}
