import Foundation

/// A long list of plain numbers that is coded as one block of bytes: a curve has a point a step, and
/// a run a hundred thousand of them. The bytes are those of this machine's memory, which is what both
/// ends of a link have in common.
@propertyWrapper
public struct Packed<Element: BitwiseCopyable & Sendable & Equatable>: Sendable, Equatable {
  public var wrappedValue: [Element]

  public init(wrappedValue: [Element]) { self.wrappedValue = wrappedValue }
}

extension Packed: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let data = try container.decode(Data.self)
    let stride = MemoryLayout<Element>.stride
    guard data.count % stride == 0 else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\(data.count) bytes are no list of \(stride) bytes each")
    }
    wrappedValue = data.withUnsafeBytes { raw in
      (0..<raw.count / stride).map {
        raw.loadUnaligned(fromByteOffset: $0 * stride, as: Element.self)
      }
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(wrappedValue.withUnsafeBytes { Data($0) })
  }
}
