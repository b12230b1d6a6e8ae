import Foundation
import Glibc
import Store

/// The event files of one run: `events.out.tfevents.SECONDS.HOST.PROCESS`, one for every time that the
/// run was begun or went on. TensorBoard reads them in the order of their names.
enum EventFolder {
  private static let prefix = "events.out.tfevents."

  /// Makes a file behind those that are there.
  static func makeFile(in folder: String) throws(StoreError) -> RecordLog {
    try Folder.make(folder)
    let newest = try seconds(in: folder).max() ?? 0
    let now = Int(Date().timeIntervalSince1970)
    // Two in one second would be read in the order of their processes.
    let number = String(max(now, newest + 1))
    let digits = String(repeating: "0", count: max(0, 10 - number.count)) + number
    return try RecordLog(creating: "\(folder)/\(prefix)\(digits).\(host).\(getpid())")
  }

  /// The name of this machine, which needs no network.
  private static var host: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
    let text = String(
      decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return text.isEmpty ? "localhost" : text
  }

  /// Whether there are event files.
  static func isUsed(_ folder: String) throws(StoreError) -> Bool {
    guard Folder.isFolder(folder) else { return false }
    return try !seconds(in: folder).isEmpty
  }

  private static func seconds(in folder: String) throws(StoreError) -> [Int] {
    try Folder.list(folder).compactMap { name in
      guard name.hasPrefix(prefix) else { return nil }
      return Int(name.dropFirst(prefix.count).prefix { $0 != "." })
    }
  }
}
