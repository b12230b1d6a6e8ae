/// Rows of plain values under names: what goes into a csv file.
public struct DataTable: Sendable, Equatable {
  public var columns: [String]
  /// Values by column; null where a row has none.
  public var rows: [[DataValue]]

  /// A list of records as rows, anything else as one row. Records in records have columns with dots
  /// in their names, and lists of plain values are written into one field.
  public init(_ value: DataValue) {
    var flat: [[DataRecord.Field]] = []
    switch value {
    case .list(let values): flat = values.map { Self.flat("value", $0) }
    case .record(let record):
      // What a screen says besides its lists.
      flat = [record.fields.filter { !$0.value.isTable }.flatMap { Self.flat($0.name, $0.value) }]
    default: flat = [Self.flat("value", value)]
    }
    var places: [String: Int] = [:]
    columns = []
    for field in flat.joined() where places[field.name] == nil {
      places[field.name] = columns.count
      columns.append(field.name)
    }
    let count = columns.count
    rows = flat.map { fields in
      var row = Array(repeating: DataValue.null, count: count)
      for field in fields { if let place = places[field.name] { row[place] = field.value } }
      return row
    }
  }

  private static func flat(_ name: String, _ value: DataValue) -> [DataRecord.Field] {
    guard case .record(let record) = value else { return [.init(name: name, value: value)] }
    let prefix = name == "value" ? "" : "\(name)."
    return record.fields.flatMap { field in
      if case .record = field.value { return flat(prefix + field.name, field.value) }
      return [.init(name: prefix + field.name, value: field.value)]
    }
  }

  /// Comma-separated values with a header (RFC 4180, but for line ends of one character).
  public var csv: String {
    ([columns.map(Self.quoted)] + rows.map { $0.map(Self.text) })
      .map { $0.joined(separator: ",") + "\n" }.joined()
  }

  private static func text(_ value: DataValue) -> String {
    switch value {
    case .null: ""
    case .text(let text): quoted(text)
    case .list(let values) where values.allSatisfy { !$0.isTable }:
      quoted(values.map { text($0) }.joined(separator: " "))
    case .number(let number) where !number.isFinite: ""
    default: quoted(value.json)
    }
  }

  private static func quoted(_ text: String) -> String {
    let isPlain = !text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
    return isPlain ? text : "\"\(text.replacing("\"", with: "\"\""))\""
  }
}

extension DataValue {
  /// Whether it is a list of records.
  fileprivate var isTable: Bool {
    guard case .list(let values) = self else { return false }
    return values.contains { if case .record = $0 { true } else { false } }
  }
}
