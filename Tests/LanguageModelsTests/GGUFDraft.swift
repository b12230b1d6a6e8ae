import Foundation
import Store

/// The parts of a GGUF file, which a test may change and write again.
struct GGUFDraft {
  var metadata: [String: GGUFValue]
  /// Shapes as transformers has them.
  var tensors: [(name: String, shape: [Int], type: UInt32, bytes: [UInt8])]

  init(_ fixture: String) throws {
    let file = try GGUFFile(path: Fixture.gguf(fixture))
    metadata = file.metadata
    tensors = file.tensors.map { info in
      (
        info.name, info.shape, info.type?.rawValue ?? 0,
        file.withBytes(0..<info.range.count, of: info) { Array($0) }
      )
    }
  }

  /// Gives every tensor of a name that ends so another type, and as many bytes as it needs.
  mutating func setType(_ suffix: String, _ type: GGUFElementType) {
    for index in tensors.indices where tensors[index].name.hasSuffix(suffix) {
      let count = tensors[index].shape.reduce(1, *)
      tensors[index].type = type.rawValue
      tensors[index].bytes = [UInt8](
        repeating: 0, count: count / type.block.values * type.block.bytes)
    }
  }

  var bytes: [UInt8] {
    var header = Array("GGUF".utf8) + number(UInt32(3))
    header += number(UInt64(tensors.count)) + number(UInt64(metadata.count))
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      header += string(key) + self.value(value)
    }
    var data: [UInt8] = []
    for tensor in tensors {
      header += string(tensor.name) + number(UInt32(tensor.shape.count))
      for size in tensor.shape.reversed() { header += number(UInt64(size)) }
      header += number(tensor.type) + number(UInt64(data.count))
      data += tensor.bytes
      data += [UInt8](repeating: 0, count: (32 - data.count % 32) % 32)
    }
    header += [UInt8](repeating: 0, count: (32 - header.count % 32) % 32)
    return header + data
  }

  func write(to path: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }

  private func number<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  private func string(_ text: String) -> [UInt8] { number(UInt64(text.utf8.count)) + text.utf8 }

  /// The type and the value; numbers in double precision.
  private func value(_ value: GGUFValue) -> [UInt8] {
    switch value {
    case .integer(let value): number(UInt32(11)) + number(Int64(value))
    case .number(let value): number(UInt32(12)) + number(value.bitPattern)
    case .flag(let value): number(UInt32(7)) + [value ? 1 : 0]
    case .text(let text): number(UInt32(8)) + string(text)
    case .integers(let values): list(11, values.map { number(Int64($0)) })
    case .numbers(let values): list(12, values.map { number($0.bitPattern) })
    case .flags(let values): list(7, values.map { [$0 ? 1 : 0] })
    case .texts(let values): list(8, values.map(string))
    }
  }

  private func list(_ kind: UInt32, _ values: [[UInt8]]) -> [UInt8] {
    number(UInt32(9)) + number(kind) + number(UInt64(values.count)) + values.flatMap { $0 }
  }
}

extension Fixture {
  /// A file of scripts/make_gguf_fixtures.py.
  static func gguf(_ name: String) -> String {
    (Bundle.module.resourcePath ?? ".") + "/Fixtures/gguf/" + name
  }
}
