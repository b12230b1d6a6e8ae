/// Finds what somebody may have meant by a name that is none.
public enum NearestName {
  /// The known name with the fewest letters changed, left out, added or swapped; nil where none is
  /// near.
  public static func of(_ name: String, in known: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased())
    let best = known.map { (name: $0, distance: distance(wanted, Array($0.lowercased()))) }
      .min { ($0.distance, $0.name) < ($1.distance, $1.name) }
    guard let best, best.distance <= max(1, wanted.count / 3) else { return nil }
    return best.name
  }

  /// Optimal string alignment.
  private static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var before: [Int] = []
    var last = Array(0...right.count)
    for i in left.indices {
      var row = [i + 1]
      for j in right.indices {
        let change = left[i] == right[j] ? 0 : 1
        var cost = min(last[j] + change, last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          cost = min(cost, before[j - 1] + 1)
        }
        row.append(cost)
      }
      (before, last) = (last, row)
    }
    return last[right.count]
  }
}
