/// Names of fields as people write them: keys joined by dots, several fields joined by commas.
///
/// A dot may belong to a key; the fewest keys that a record has for a name count. Behind a backslash a
/// dot, a comma or a backslash stands for itself.
public enum FieldNames {
  /// The names of a list; empty where one of them is.
  public static func split(_ list: String) -> [String] {
    var names: [String] = []
    var name = ""
    var isEscaped = false
    for character in list {
      if character == ",", !isEscaped {
        names.append(name)
        name = ""
      } else {
        name.append(character)
      }
      isEscaped = character == "\\" && !isEscaped
    }
    names.append(name)
    return names.contains("") ? [] : names
  }
}
