import Numerics

/// A table of a report: what people read in Markdown and pictures, and what programs read in CSV.
public struct ReportTable: Sendable, Equatable {
  /// A value, in words for people and exactly for programs.
  public struct Cell: Sendable, Equatable {
    public var shown: String
    /// Without units and signs for people; empty for what is not known.
    public var exact: String
    /// The best of its row or column.
    public var isBest = false

    public init(shown: String, exact: String) {
      self.shown = shown
      self.exact = exact
    }

    /// Words.
    public static func text(_ text: String) -> Cell { Cell(shown: text, exact: text) }

    /// A number with so many decimals; nil is unknown.
    public static func number(_ value: Double?, _ decimals: Int) -> Cell {
      Cell(shown: Number.fixed(value, decimals), exact: exactly(value))
    }

    /// A number with its sign.
    public static func signed(_ value: Double?, _ decimals: Int) -> Cell {
      Cell(shown: Number.signed(value, decimals), exact: exactly(value))
    }

    /// A number with so many significant digits.
    public static func significant(_ value: Double?, _ digits: Int) -> Cell {
      Cell(shown: Number.significant(value, digits), exact: exactly(value))
    }

    /// 0.314 is "31.4 %", and 0.314 to programs.
    public static func percent(_ share: Double?, _ decimals: Int = 1) -> Cell {
      Cell(
        shown: share == nil ? Number.fixed(nil, 0) : Number.percent(share, decimals),
        exact: exactly(share))
    }

    /// Half the width of an interval.
    public static func plusMinus(_ value: Double?, _ decimals: Int) -> Cell {
      Cell(
        shown: value == nil ? Number.fixed(nil, 0) : "± " + Number.fixed(value, decimals),
        exact: exactly(value))
    }

    /// A whole number with groups of digits.
    public static func whole(_ value: Int?) -> Cell {
      Cell(shown: value.map(Number.grouped) ?? "-", exact: value.map(String.init) ?? "")
    }

    /// A large count in one word.
    public static func count(_ value: Int?) -> Cell {
      Cell(shown: value.map(Number.count) ?? "-", exact: value.map(String.init) ?? "")
    }

    private static func exactly(_ value: Double?) -> String {
      guard let value else { return "" }
      return value.isNaN ? "NaN" : value.isInfinite ? (value < 0 ? "-inf" : "inf") : "\(value)"
    }
  }

  public struct Column: Sendable, Equatable {
    public var title: String
    /// Words stand left, numbers right.
    public var isText: Bool

    public init(_ title: String, isText: Bool = false) {
      self.title = title
      self.isText = isText
    }
  }

  public var columns: [Column]
  /// Each with as many cells as there are columns; what lacks is empty, what is more is left out.
  public var rows: [[Cell]]

  public init(_ columns: [Column], _ rows: [[Cell]]) {
    self.columns = columns
    let empty = Cell(shown: "", exact: "")
    self.rows = rows.map { row in
      columns.indices.map { $0 < row.count ? row[$0] : empty }
    }
  }

  /// The first column words, the others numbers.
  public init(_ titles: [String], _ rows: [[Cell]]) {
    self.init(
      titles.enumerated().map { Column($0.element, isText: $0.offset == 0) }, rows)
  }
}
