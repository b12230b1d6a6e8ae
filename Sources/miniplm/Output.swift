import CProcess
import Engine
import Foundation
import Numerics
import Store
import TerminalUI

/// The one way to standard output and standard error: results on one, everything else on the other.
///
/// What goes to a terminal is cleaned here, all of it, by the rules of the screens: text of a corpus,
/// names of files and sources and messages with any of them may hold escape sequences. Into a pipe or
/// a file bytes go as they are.
enum Output {
  /// A line for a person. That it cannot be written is no reason to fail.
  static func error(_ text: String) {
    try? write(clean(text, STDERR_FILENO) + "\n", to: STDERR_FILENO)
  }

  /// Several lines for a person.
  static func errorLines(_ text: String) {
    try? write(cleanLines(text, STDERR_FILENO) + "\n", to: STDERR_FILENO)
  }

  /// A line of progress: left out where standard error takes none just now.
  static func progress(_ text: String) {
    guard cp_wait_writable(STDERR_FILENO, 0) else { return }
    error(text)
  }

  /// A result line, out at once even into a pipe.
  ///
  /// - Throws: `ExitStatus` when it cannot be written, as all of these.
  static func line(_ text: String) throws {
    try write(clean(text, STDOUT_FILENO) + "\n", to: STDOUT_FILENO)
  }

  /// Cells of a line, with tabs between them.
  static func row(_ cells: [String]) throws {
    let cells = cells.map { clean($0, STDOUT_FILENO) }
    try write(cells.joined(separator: "\t") + "\n", to: STDOUT_FILENO)
  }

  /// Text whose own line ends stay, out at once.
  static func text(_ text: String) throws {
    try write(cleanLines(text, STDOUT_FILENO), to: STDOUT_FILENO)
  }

  /// A value as one JSON line.
  static func json(_ value: some Encodable) throws {
    let text = try JSONFile.text(of: value, pretty: false)
    try write(
      (isatty(STDOUT_FILENO) == 1 ? VisibleText.escapedJSON(text) : text) + "\n",
      to: STDOUT_FILENO)
  }

  /// Whether standard output is a terminal.
  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Says that standard output is complete: what a file system reports last, it reports here.
  static func close() throws {
    if Glibc.close(STDOUT_FILENO) != 0, errno != EINTR { throw failure(errno) }
  }

  private static func clean(_ text: String, _ descriptor: Int32) -> String {
    isatty(descriptor) == 1 ? VisibleText.sanitised(text) : text
  }

  private static func cleanLines(_ text: String, _ descriptor: Int32) -> String {
    guard isatty(descriptor) == 1 else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { VisibleText.sanitised(String($0)) }.joined(separator: "\n")
  }

  /// Pieces of this size go into a pipe whole once it takes anything.
  private static let pieceSize = 4096

  /// Writes all of a text, however slowly it is taken. Once a stop was asked for, a reader that takes
  /// nothing is not waited for.
  private static func write(_ text: String, to descriptor: Int32) throws {
    let bytes = Array(text.utf8)
    var offset = 0
    while offset < bytes.count {
      var hasWaited = false
      while !cp_wait_writable(descriptor, 200) {
        if hasWaited, Interruption.shared.isRequested { throw ExitStatus.stopped("Stopped.") }
        hasWaited = true
      }
      let count = bytes.withUnsafeBytes {
        Glibc.write(
          descriptor, $0.baseAddress.map { $0 + offset }, min(pieceSize, bytes.count - offset))
      }
      if count < 0, errno != EINTR, errno != EAGAIN { throw failure(errno) }
      offset += max(0, count)
    }
  }

  private static func failure(_ number: Int32) -> ExitStatus {
    // As if SIGPIPE had ended the program, but that work never dies of it.
    if number == EPIPE { return ExitStatus(code: 128 + SIGPIPE, text: nil) }
    return ExitStatus(
      code: 1,
      text:
        "Cannot write to standard output: \(String(cString: strerror(number))). What the command "
        + "has written to files is kept; run it again with its output sent elsewhere.")
  }
}
