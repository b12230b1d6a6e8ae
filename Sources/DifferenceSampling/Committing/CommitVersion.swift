import Glibc
import Numerics
import Store

/// Names of numbered versions below `commits/`.
enum CommitVersion {
  /// The number in `0003-r0.50`; nil for other names and for the leftovers of a crash.
  static func number(of name: String) -> Int? {
    guard !name.contains(".tmp-"), let dash = name.firstIndex(of: "-") else { return nil }
    let digits = name[..<dash]
    return digits.count >= 4 && digits.allSatisfy(\.isASCII) ? Int(digits) : nil
  }

  /// The next version: one more than the highest number in `folder`.
  static func next(in folder: String, label: String) throws(StoreError) -> String {
    let names = Folder.exists(folder) ? try Folder.list(folder) : []
    let highest = names.compactMap(number).max() ?? 0
    return "\(Number.padded(highest + 1, width: 4))-\(label)"
  }

  /// Removes what killed commits have left in `folder`; nobody else may be committing.
  static func removeLeftovers(in folder: String) throws(StoreError) {
    for name in try Folder.list(folder) where name.contains(".tmp-") {
      try Folder.remove("\(folder)/\(name)")
    }
  }

  /// "r0.50", or "t0.612" for a threshold; behind the name of a ranking that is not the method's.
  static func label(of settings: SelectionSettings) -> String {
    let label =
      switch settings.rule {
      case .ratio(let ratio): "r" + short(ratio, minimumDigits: 2)
      case .threshold(let threshold): "t" + short(Double(threshold), minimumDigits: 3)
      }
    return settings.ranking.isMethod ? label : "\(settings.ranking.rawValue)-\(label)"
  }

  /// `value` with 4 decimals, without trailing zeros beyond `minimumDigits`.
  private static func short(_ value: Double, minimumDigits: Int) -> String {
    var text = Number.fixed(value, 4)
    for _ in minimumDigits..<4 where text.hasSuffix("0") { text.removeLast() }
    return text
  }
}
