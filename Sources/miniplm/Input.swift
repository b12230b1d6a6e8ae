import Foundation
import Store

/// Standard input as bytes.
enum Input {
  /// All of it.
  ///
  /// - Throws: `StoreError` when it cannot be read: closed, a folder.
  static func all() throws -> Data {
    var data = Data()
    while true {
      let piece = try piece()
      if piece.isEmpty { return data }
      data.append(piece)
    }
  }

  /// All of it as text.
  ///
  /// - Throws: also `ExitStatus` with the number of the first line that is not UTF-8: changed bytes
  ///   would give other tokens than the text has.
  static func text() throws -> String {
    let data = try all()
    if let text = String(validating: data, as: UTF8.self) { return text }
    let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let wrong = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
    throw ExitStatus(
      code: 3,
      text: "Line \(wrong + 1) of standard input: the bytes are not UTF-8. Convert it: iconv -f "
        + "ENCODING -t UTF-8 (WINDOWS-1252 for most western text).")
  }

  /// Its lines, each as soon as it is there.
  struct Lines {
    /// Of the last line, from 1.
    private(set) var number = 0
    private var rest = Data()
    /// Where the next line begins in `rest`, and how far its end was searched for: a long line comes
    /// in many pieces, and each is searched once.
    private var start = 0
    private var searched = 0
    private var isAtEnd = false

    /// The next line without its end; nil behind the last one.
    mutating func next() throws -> Data? {
      while true {
        if let end = rest[searched...].firstIndex(of: UInt8(ascii: "\n")) {
          number += 1
          let line = Data(rest[start..<end])
          (start, searched) = (end + 1, end + 1)
          return line
        }
        searched = rest.count
        if isAtEnd {
          if start == rest.count { return nil }
          number += 1
          let line = Data(rest[start...])
          start = rest.count
          return line
        }
        let data = try Input.piece()
        isAtEnd = data.isEmpty
        if start > 0 {
          rest = Data(rest[start...])
          (start, searched) = (0, rest.count)
        }
        rest.append(data)
      }
    }
  }

  /// What there is, waiting for some; empty at the end.
  private static func piece() throws -> Data {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(STDIN_FILENO, &buffer, buffer.count)
      if count >= 0 { return Data(buffer[..<count]) }
      if errno == EAGAIN {
        usleep(10_000)
      } else if errno != EINTR {
        throw StoreError.system(operation: "read", path: "standard input")
      }
    }
  }
}
