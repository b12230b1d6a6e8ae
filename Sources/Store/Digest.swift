import CCrypto
import Foundation
import Glibc

/// SHA-256 by libcrypto, and git's SHA-1.
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

  /// The name that git has for the content of a small file: SHA-1 of "blob LENGTH", a zero byte and the
  /// bytes.
  public static func gitBlob(file path: String) throws(StoreError) -> String {
    let content = try FileContents.read(path)
    var hasher = try Hasher(.sha1)
    Array("blob \(content.count)\u{0}".utf8).withUnsafeBytes { hasher.update($0) }
    content.withUnsafeBytes { hasher.update($0) }
    return hasher.finish()
  }

  /// A function that makes a digest.
  public enum Function: Sendable { case sha1, sha256 }

  /// An SHA-256 (or SHA-1) that takes its input piece by piece.
  public struct Hasher: ~Copyable {
    private let context: OpaquePointer

    /// Fails only when libcrypto cannot allocate.
    public init(_ function: Function = .sha256) throws(StoreError) {
      guard let context = EVP_MD_CTX_new(),
        EVP_DigestInit_ex(context, function == .sha1 ? EVP_sha1() : EVP_sha256(), nil) == 1
      else {
        throw .system(operation: "start", path: "a digest", reason: "libcrypto refused")
      }
      self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Takes more input.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
      EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    /// The digest of all input so far, 64 hexadecimal digits (SHA-1: 40); more input may follow.
    public func current() throws(StoreError) -> String {
      guard let copy = EVP_MD_CTX_new(), EVP_MD_CTX_copy_ex(copy, context) == 1 else {
        throw .system(operation: "copy", path: "SHA-256", reason: "libcrypto refused")
      }
      defer { EVP_MD_CTX_free(copy) }
      return Self.finish(copy)
    }

    /// The digest of all input so far, 64 hexadecimal digits (SHA-1: 40).
    public consuming func finish() -> String { Self.finish(context) }

    private static func finish(_ context: OpaquePointer) -> String {
      var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
      var count: UInt32 = 0
      EVP_DigestFinal_ex(context, &digest, &count)
      return digest.prefix(Int(count)).map { byte in
        let hex = String(byte, radix: 16)
        return hex.count == 1 ? "0" + hex : hex
      }.joined()
    }
  }
}
