import Corpus
import Foundation
import Store

/// A folder that goes away with its owner.
final class ScratchFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "corpus-tests-" + UUID().uuidString
    try Folder.make(path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file below the folder, making sub-folders as needed; its full path.
  @discardableResult
  func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
    let full = path + "/" + name
    try Folder.make(Folder.parent(of: full))
    try AtomicFile.write(bytes, to: full)
    return full
  }

  @discardableResult
  func write(_ text: String, to name: String) throws -> String { try write(text.utf8, to: name) }

  func bytes(_ name: String) -> [UInt8] {
    FileManager.default.contents(atPath: path + "/" + name).map { Array($0) } ?? []
  }
}

/// One token for every byte; token 256 ends a document, 257 starts a sequence.
struct ByteTokenizer: TokenEncoding {
  var identity = "bytes"
  var vocabularySize = 258
  var endOfText: Int32 { 256 }
  var sentenceEndTokens: [Int32] { [".", "!", "?", ";", "\n"].map { Int32($0) } + [256] }

  func makeEncoder() -> any TextEncoding { Encoder() }

  final class Encoder: TextEncoding {
    func encode(_ text: UnsafeBufferPointer<UInt8>, into tokens: inout [Int32]) {
      for byte in text { tokens.append(Int32(byte)) }
    }
  }

  func bytes(of token: Int32) -> [UInt8] { token < 256 ? [UInt8(token)] : [] }
}

extension Int32 {
  /// The byte of an ASCII character as a token of `ByteTokenizer`.
  init(_ character: Character) { self = Int32(character.asciiValue ?? 0) }
}

/// Bytes of hexadecimal digits.
func bytes(hex: String) -> [UInt8] {
  var result: [UInt8] = []
  var digits = Substring(hex)
  while let byte = UInt8(digits.prefix(2), radix: 16) {
    result.append(byte)
    digits = digits.dropFirst(2)
  }
  return result
}

/// All documents of a reader.
func documents(_ reader: consuming CorpusReader) throws -> [Document] {
  var all: [Document] = []
  while let document = try reader.next() { all.append(document) }
  return all
}

/// Runs `body` and returns the `CorpusError` it throws, nil if it throws none.
func corpusError(_ body: () throws -> Void) throws -> CorpusError? {
  do {
    try body()
    return nil
  } catch let error as CorpusError {
    return error
  }
}

/// A gzip file whose content is stored as it is.
func gzipStored(_ content: [UInt8]) -> [UInt8] {
  var crc: UInt32 = 0xFFFF_FFFF
  for byte in content {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
  }
  func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
  var file: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
  var rest = content[...]
  repeat {
    let block = rest.prefix(0xFFFF)
    rest = rest.dropFirst(block.count)
    file +=
      [rest.isEmpty ? 1 : 0] + little(block.count, 2) + little(block.count ^ 0xFFFF, 2) + block
  } while !rest.isEmpty
  return file + little(Int(~crc), 4) + little(content.count, 4)
}
