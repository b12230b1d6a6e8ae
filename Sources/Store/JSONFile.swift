import Foundation

/// Small JSON documents (settings, manifests, states): read with Codable, written atomically with
/// sorted keys so that equal values give equal bytes.
public enum JSONFile {
  /// Reads `path` as a `Value`.
  ///
  /// - Parameter mayBeStream: whether a pipe will do, whose writer is waited for.
  public static func read<Value: Decodable>(
    _ type: Value.Type, from path: String, mayBeStream: Bool = false
  ) throws(StoreError) -> Value {
    let data = try mayBeStream ? FileContents.readStream(path) : FileContents.read(path)
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch {
      let fault = DecodingFault(error, in: data)
      throw .malformed(path: path, found: fault.found, expected: fault.expected)
    }
  }

  /// Replaces `path` by `value`.
  public static func write(_ value: some Encodable, to path: String) throws(StoreError) {
    try AtomicFile.write(text: try text(of: value) + "\n", to: path)
  }

  /// `value` as JSON text; one line unless `pretty`.
  public static func text(of value: some Encodable, pretty: Bool = true) throws(StoreError)
    -> String
  {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      throw .malformed(path: "\(type(of: value))", found: "\(error)", expected: "encodable values")
    }
  }

  /// `text` as a JSON string with its quotes, for writers whose layout Codable cannot give.
  public static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
