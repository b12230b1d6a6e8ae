import Foundation

/// Where two values of one type differ, in words: for "was made with ..., this run asks for ...".
public enum JSONDifference {
  /// The keys that differ with both sides' values, such as ("top-p 0.9, seed 1", "top-p 0.8, no
  /// seed").
  public static func words<Value: Encodable>(
    _ one: Value, _ other: Value
  ) throws(StoreError) -> (one: String, other: String) {
    let (first, second) = (try flat(one), try flat(other))
    let keys = Set(first.keys).union(second.keys).filter { first[$0] != second[$0] }.sorted()
    func words(_ values: [String: String]) -> String {
      keys.map { key in values[key].map { "\(name(key)) \($0)" } ?? "no \(name(key))" }
        .joined(separator: ", ")
    }
    return (words(first), words(second))
  }

  /// `settings.topP` is said as "top-p", `model.digest` as "model digest".
  private static func name(_ key: String) -> String {
    let words = key.split(separator: ".").drop { $0 == "settings" || $0 == "sampling" }
    return words.joined(separator: " ").reduce(into: "") { name, character in
      if character.isUppercase, !name.isEmpty { name += "-" }
      name += character.lowercased()
    }
  }

  private static func flat(_ value: some Encodable) throws(StoreError) -> [String: String] {
    let text = try JSONFile.text(of: value, pretty: false)
    var flat: [String: String] = [:]
    func add(_ value: Any, _ key: String) {
      if let object = value as? [String: Any] {
        for (name, value) in object { add(value, key.isEmpty ? name : "\(key).\(name)") }
      } else if let list = value as? [Any] {
        for (index, value) in list.enumerated() { add(value, "\(key).\(index + 1)") }
      } else if let text = value as? String {
        // Digests tell each other apart by their beginnings.
        flat[key] = text.utf8.count == 64 ? String(text.prefix(12)) : text
      } else {
        flat[key] = "\(value)"
      }
    }
    if let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) { add(object, "") }
    return flat
  }
}
