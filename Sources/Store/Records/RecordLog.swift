import Glibc

/// An append-only file of records as TFRecord files have them: the length as eight bytes and its masked
/// checksum, the bytes and theirs; everything little endian.
///
/// A record goes out in one write, so that whoever reads meanwhile sees whole ones. Not for concurrent
/// use.
public final class RecordLog {
  /// Where the file stands.
  public let path: String
  private let descriptor: Int32

  /// Makes the file, which must not be there.
  public init(creating path: String) throws(StoreError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o644)
    if descriptor < 0 { throw .system(operation: "create", path: path) }
  }

  deinit { close(descriptor) }

  /// Appends one record: all of it, or, where the disk is full, none.
  public func append(_ record: [UInt8]) throws(StoreError) {
    try Descriptor.appendWhole(Self.framed(record), to: descriptor, path: path)
  }

  /// Makes what was appended durable.
  public func sync() throws(StoreError) { try Descriptor.sync(descriptor, path: path) }

  /// A record with its frame.
  public static func framed(_ record: [UInt8]) -> [UInt8] {
    let length = littleEndian(UInt64(record.count))
    return length + littleEndian(CRC32C.masked(length)) + record
      + littleEndian(CRC32C.masked(record))
  }

  /// Every whole record of a file. What a crash has cut at the end is left out.
  ///
  /// - Throws: `StoreError.malformed` for a checksum that does not hold.
  public static func read(_ path: String) throws(StoreError) -> [[UInt8]] {
    let data = [UInt8](try FileContents.read(path))
    var records: [[UInt8]] = []
    var start = 0
    func number<T: FixedWidthInteger>(_ type: T.Type, at offset: Int) -> T {
      data.withUnsafeBytes { T(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: T.self)) }
    }
    while data.count - start >= frame {
      func check(
        _ bytes: ArraySlice<UInt8>, _ stored: UInt32, _ what: String
      ) throws(StoreError) {
        guard CRC32C.masked(bytes) != stored else { return }
        throw .malformed(
          path: path, found: "\(what) of record \(records.count) with another checksum",
          expected: "what was written")
      }
      try check(data[start..<start + 8], number(UInt32.self, at: start + 8), "the length")
      let length = number(UInt64.self, at: start)
      guard length <= UInt64(data.count - start - frame) else { break }
      let body = start + 12..<start + 12 + Int(length)
      try check(data[body], number(UInt32.self, at: body.upperBound), "the bytes")
      records.append(Array(data[body]))
      start = body.upperBound + 4
    }
    return records
  }

  /// Bytes around a record.
  private static let frame = 16

  private static func littleEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}
