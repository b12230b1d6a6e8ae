import Engine
import Foundation
import Numerics
import Store

/// Plain output: results on standard output, everything else on standard error.
enum Output {
  /// A line for a person.
  static func error(_ text: String) {
    write(text + "\n", to: STDERR_FILENO)
  }

  /// A result line, out at once even into a pipe.
  static func line(_ text: String) {
    write(text + "\n", to: STDOUT_FILENO)
  }

  /// A part of a result line, out at once.
  static func text(_ text: String) {
    write(text, to: STDOUT_FILENO)
  }

  /// Writes all of a text. A reader that has gone away is no reason to fail.
  private static func write(_ text: String, to descriptor: Int32) {
    Array(text.utf8).withUnsafeBytes { bytes in
      var offset = 0
      while offset < bytes.count {
        let count = Foundation.write(
          descriptor, bytes.baseAddress.map { $0 + offset }, bytes.count - offset)
        if count < 0, errno != EINTR, errno != EAGAIN { return }
        offset += max(0, count)
      }
    }
  }

  /// A value as one JSON line.
  static func json(_ value: some Encodable) throws {
    line(try JSONFile.text(of: value, pretty: false))
  }

  /// Whether standard output is a terminal.
  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
}

/// Progress as plain lines on standard error, at most one in `interval` seconds.
struct ProgressLines {
  let title: String
  let isQuiet: Bool
  private let started = ContinuousClock.now
  private var last: ContinuousClock.Instant?
  private static let interval = Duration.seconds(2)

  init(_ title: String, isQuiet: Bool) {
    self.title = title
    self.isQuiet = isQuiet
  }

  /// Says how far it is; the time to go follows from the fraction unless it is given.
  mutating func report(_ fraction: Double?, eta: Double? = nil, _ detail: String) {
    let now = ContinuousClock.now
    if let last, now - last < Self.interval { return }
    last = now
    guard !isQuiet else { return }
    let elapsed = Self.seconds(now - started)
    var left = eta
    if left == nil, let fraction, fraction > 0.01 { left = elapsed / fraction * (1 - fraction) }
    let share = fraction.map { Number.percent($0) + ", " } ?? ""
    let time = left.map { ", ETA \(Number.duration($0))" } ?? ""
    Output.error("\(title): \(share)\(detail)\(time)")
  }

  /// Seconds since the start.
  var elapsed: Double { Self.seconds(ContinuousClock.now - started) }

  private static func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }
}
