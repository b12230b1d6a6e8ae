import Foundation

/// How many documents could not be used for one reason, and where the first was.
public struct RejectSummary: Sendable, Equatable {
  public var reason: RejectReason
  public var count: Int
  /// The first that this run met; nil where an earlier run met them all.
  public var first: Reject?

  /// Whole files that could not be used: the first few, by name.
  public var files: [Reject] = []

  /// Files that are named.
  static let fileLimit = 5

  public init(reason: RejectReason, count: Int, first: Reject? = nil) {
    self.reason = reason
    self.count = count
    self.first = first
  }

  /// Takes a reject that is among those named, in the order they come.
  mutating func note(_ reject: Reject) {
    if first == nil { first = reject }
    if reject.isFile, files.count < Self.fileLimit { files.append(reject) }
  }

  /// Whether another reject of this reason would change what is said.
  var isFull: Bool {
    first.map { !$0.isFile } ?? false || files.count >= min(count, Self.fileLimit)
  }

  /// For people: how many, why, and the first place.
  public var text: String {
    let what = "\(count): \(reason.explanation)"
    if files.count > 1 || files.count == count, !files.isEmpty {
      let more = count > files.count ? " and \(count - files.count) more" : ""
      return "\(what): \(files.map(\.place).joined(separator: ", "))\(more)"
    }
    return what + (first.map { ", first in \($0.place)" } ?? "")
  }

  /// Most first.
  static func isBefore(_ left: RejectSummary, _ right: RejectSummary) -> Bool {
    left.count == right.count
      ? left.reason.rawValue < right.reason.rawValue : left.count > right.count
  }
}

extension RejectSummary {
  /// The counts of a corpus with the first of each reason out of the log beside it.
  ///
  /// - Parameter path: of the log; only its first 10,000 lines are looked at.
  public static func of(_ counts: [String: Int], log path: String) -> [RejectSummary] {
    var summaries: [RejectSummary] = []
    for (name, count) in counts {
      guard let reason = RejectReason(rawValue: name) else { continue }
      summaries.append(RejectSummary(reason: reason, count: count))
    }
    summaries.sort(by: RejectSummary.isBefore)
    guard !summaries.isEmpty, let raw = try? RawFile(path: path, digesting: false) else {
      return summaries
    }
    let lines = LineReader(raw, longestLine: 1 << 16)
    let decoder = JSONDecoder()
    for _ in 0..<10_000 {
      guard let line = try? lines.next(), summaries.contains(where: { !$0.isFull }) else { break }
      guard let reject = try? decoder.decode(Reject.self, from: Data(line.bytes)),
        let place = summaries.firstIndex(where: { $0.reason == reject.reason })
      else { continue }
      summaries[place].note(reject)
    }
    return summaries
  }
}

extension Reject {
  /// Whether it is a whole file that is not what its name promised.
  var isFile: Bool { reason == .notText || reason == .unreadable }

  /// Where it is, and what stands there.
  var place: String {
    let file = file == InputFile.standardInput ? "standard input" : file
    let what = start.prefix(60).map { $0.isNewline ? " " : String($0) }.joined()
    switch reason {
    case .notText, .unreadable: return "\(file) (\(start))"
    case .damagedStream: return "\(file) behind \(offset) bytes of its content (\(start))"
    default: return line > 0 ? "line \(line) of \(file): \(what)" : file
    }
  }
}
