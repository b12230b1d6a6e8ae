/// `   [==|==]   ` on a common scale.
enum QuartileBar {
  static func text(
    _ lower: Double, _ median: Double, _ upper: Double, in range: ClosedRange<Double>, width: Int
  ) -> String {
    let span = range.upperBound - range.lowerBound
    guard width >= 3, span > 0, lower.isFinite, median.isFinite, upper.isFinite else { return "" }
    func column(_ value: Double) -> Int {
      let share = min(1, max(0, (value - range.lowerBound) / span))
      return Int((share * Double(width - 1)).rounded())
    }
    var cells = Array(repeating: Character(" "), count: width)
    let (left, middle, right) = (column(lower), column(median), column(upper))
    for x in left...max(left, right) { cells[x] = "=" }
    cells[left] = "["
    cells[max(left, right)] = "]"
    cells[middle] = "|"
    return String(cells)
  }
}
