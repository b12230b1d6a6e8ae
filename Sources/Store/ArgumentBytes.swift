/// The bytes of the program's arguments.
public enum ArgumentBytes {
  /// Whether `text` is, or ends, an argument that is not UTF-8, with its bytes replaced.
  public static func wasRepaired(_ text: String) -> Bool {
    guard text.unicodeScalars.contains("\u{FFFD}") else { return false }
    for index in 0..<Int(CommandLine.argc) {
      guard let argument = CommandLine.unsafeArgv[index] else { continue }
      if String(validatingCString: argument) == nil, String(cString: argument).hasSuffix(text) {
        return true
      }
    }
    return false
  }

  /// The bytes of the arguments that are not UTF-8 and came as `text`, each once.
  public static func repaired(to text: String) -> Set<[UInt8]> {
    var found: Set<[UInt8]> = []
    for index in 0..<Int(CommandLine.argc) {
      guard let argument = CommandLine.unsafeArgv[index],
        String(validatingCString: argument) == nil, String(cString: argument) == text
      else { continue }
      var bytes: [UInt8] = []
      var at = 0
      while argument[at] != 0 {
        bytes.append(UInt8(bitPattern: argument[at]))
        at += 1
      }
      found.insert(bytes)
    }
    return found
  }
}
