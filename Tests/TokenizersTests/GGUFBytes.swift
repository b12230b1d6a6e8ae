import Foundation
import Store

/// A GGUF file without tensors, for tests.
struct GGUFBytes {
  private var entries: [(key: String, type: UInt32, value: [UInt8])] = []

  init(_ metadata: [String: GGUFValue]) {
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) { add(key, value) }
  }

  private mutating func add(_ key: String, _ value: GGUFValue) {
    switch value {
    case .integer(let number): entries.append((key, 5, Self.little(Int32(number))))
    case .number(let number): entries.append((key, 6, Self.little(Float(number).bitPattern)))
    case .flag(let flag): entries.append((key, 7, [flag ? 1 : 0]))
    case .text(let text): entries.append((key, 8, Self.text(text)))
    case .integers(let numbers): list(key, 5, numbers.map { Self.little(Int32($0)) })
    case .numbers(let numbers): list(key, 6, numbers.map { Self.little(Float($0).bitPattern) })
    case .flags(let flags): list(key, 7, flags.map { [$0 ? 1 : 0] })
    case .texts(let texts): list(key, 8, texts.map(Self.text))
    }
  }

  private mutating func list(_ key: String, _ type: UInt32, _ items: [[UInt8]]) {
    entries.append((key, 9, Self.little(type) + Self.little(UInt64(items.count)) + items.joined()))
  }

  private static func little(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  private static func text(_ text: String) -> [UInt8] {
    little(UInt64(text.utf8.count)) + Array(text.utf8)
  }

  /// The content of the file.
  var bytes: [UInt8] {
    var bytes = Array("GGUF".utf8) + Self.little(UInt32(3)) + Self.little(UInt64(0))
    bytes += Self.little(UInt64(entries.count))
    for entry in entries {
      bytes += Self.text(entry.key) + Self.little(entry.type) + entry.value
    }
    // No tensors: nothing follows, not even up to the alignment.
    return bytes + [UInt8](repeating: 0, count: (32 - bytes.count % 32) % 32)
  }
}
