import CCrypto
import Glibc

/// SHA-256 by libcrypto.
public enum Digest {
  /// Hexadecimal SHA-256 of `bytes`.
  public static func sha256(_ bytes: some Sequence<UInt8>) throws(StoreError) -> String {
    var hasher = try Hasher()
    let array = ContiguousArray(bytes)
    array.withUnsafeBytes { hasher.update($0) }
    return hasher.finish()
  }

  /// Hexadecimal SHA-256 of a file, read in pieces of 4 MiB.
  public static func sha256(file path: String) throws(StoreError) -> String {
    let descriptor = try Descriptor.openFile(path)
    defer { close(descriptor) }
    var hasher = try Hasher()
    var piece = [UInt8](repeating: 0, count: 1 << 22)
    while true {
      let count = Glibc.read(descriptor, &piece, piece.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw .system(operation: "read", path: path)
      }
      if count == 0 { break }
      piece.withUnsafeBytes { hasher.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }
    return hasher.finish()
  }

  /// An SHA-256 that takes its input piece by piece.
  public struct Hasher: ~Copyable {
    private let context: OpaquePointer

    /// Fails only when libcrypto cannot allocate.
    public init() throws(StoreError) {
      guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
      else {
        throw .system(operation: "start", path: "SHA-256", reason: "libcrypto refused")
      }
      self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Takes more input.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
      EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    /// The digest of all input so far, 64 hexadecimal digits; more input may follow.
    public func current() throws(StoreError) -> String {
      guard let copy = EVP_MD_CTX_new(), EVP_MD_CTX_copy_ex(copy, context) == 1 else {
        throw .system(operation: "copy", path: "SHA-256", reason: "libcrypto refused")
      }
      defer { EVP_MD_CTX_free(copy) }
      return Self.finish(copy)
    }

    /// The digest of all input so far, 64 hexadecimal digits.
    public consuming func finish() -> String { Self.finish(context) }

    private static func finish(_ context: OpaquePointer) -> String {
      var digest = [UInt8](repeating: 0, count: 32)
      EVP_DigestFinal_ex(context, &digest, nil)
      return digest.map { byte in
        let hex = String(byte, radix: 16)
        return hex.count == 1 ? "0" + hex : hex
      }.joined()
    }
  }
}
