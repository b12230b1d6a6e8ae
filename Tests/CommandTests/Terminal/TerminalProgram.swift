import Foundation
import Glibc

/// The program on a terminal of its own, as a person sees it.
final class TerminalProgram {
  private let process = Process()
  private let master: Int32
  private var shown = ""
  let number: Int32

  struct NoTerminal: Error {}

  init(_ arguments: [String], in folder: String, columns: UInt16 = 100, rows: UInt16 = 30) throws {
    var (own, theirs): (Int32, Int32) = (-1, -1)
    own = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (locked, index) = (CInt(0), CUnsignedInt(0))
    // Unlock, and which number it has.
    guard own >= 0, ioctl(own, 0x4004_5431, &locked) == 0, ioctl(own, 0x8004_5430, &index) == 0
    else { throw NoTerminal() }
    theirs = open("/dev/pts/\(index)", O_RDWR | O_NOCTTY)
    guard theirs >= 0 else { throw NoTerminal() }
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(own, UInt(TIOCSWINSZ), &size)
    _ = fcntl(own, F_SETFL, O_NONBLOCK)
    master = own
    process.executableURL = URL(fileURLWithPath: Program.path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    var environment = ProcessInfo.processInfo.environment
    environment["TERM"] = "xterm-256color"
    process.environment = environment
    let terminal = FileHandle(fileDescriptor: theirs, closeOnDealloc: true)
    process.standardInput = terminal
    process.standardOutput = terminal
    process.standardError = terminal
    try process.run()
    number = process.processIdentifier
  }

  deinit {
    if process.isRunning { kill(number, SIGKILL) }
    close(master)
  }

  /// Takes what has been drawn; a terminal that nobody reads would keep the program waiting.
  private func drain() {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(master, &buffer, buffer.count)
      if count <= 0 { return }
      shown += String(decoding: buffer[..<count], as: UTF8.self)
    }
  }

  /// Waits, a minute at most, until `text` has been drawn in one piece.
  func shows(_ text: String) -> Bool {
    for _ in 0..<6000 {
      drain()
      if shown.contains(text) { return true }
      if !process.isRunning { return false }
      usleep(10_000)
    }
    return false
  }

  func type(_ text: String) { _ = write(master, text, text.utf8.count) }

  func signal(_ signal: Int32) { kill(number, signal) }

  /// The exit status, or the negative number of the signal.
  func end() -> Int32 {
    while process.isRunning {
      drain()
      usleep(5000)
    }
    drain()
    let status = process.terminationStatus
    return process.terminationReason == .uncaughtSignal ? -status : status
  }

  /// All that was drawn.
  var text: String { shown }
}
