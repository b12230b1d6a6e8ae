/// Tables of commas or tabs: no documents, and no lines of JSON.
enum DelimitedTable {
  /// The format of a table; nil for what is none. A name says it, or lines of JSON that are none but
  /// have the same number of commas all along.
  static func find(in head: [UInt8], name: String, _ kind: InputFile.Kind) -> ContentFormat? {
    let plain = InputList.stripCompression(name).lowercased()
    let lines = head.split(separator: 0x0A, maxSplits: 20).prefix(20)
    guard let first = lines.first else { return nil }
    let named = plain.hasSuffix(".csv") ? UInt8(ascii: ",") : plain.hasSuffix(".tsv") ? 0x09 : nil
    let start = first.first { $0 != 0x20 }
    if kind == .jsonLines, start == UInt8(ascii: "{") || start == UInt8(ascii: "[") { return nil }
    if kind == .jsonLines, isString(first) { return nil }
    for delimiter in [UInt8(ascii: ","), 0x09] where named == nil || named == delimiter {
      guard named != nil || kind == .jsonLines else { continue }
      let columns = first.count { $0 == delimiter }
      let isTable =
        columns > 0 && lines.count > 1
        && lines.dropFirst().prefix(3).allSatisfy { $0.count { $0 == delimiter } >= columns }
      if isTable || named != nil { return format(delimiter) }
    }
    return nil
  }

  /// Whether a line is one JSON string, whatever commas it holds.
  private static func isString(_ line: ArraySlice<UInt8>) -> Bool {
    line.withUnsafeBytes { bytes in
      var scan = JSONScan(bytes)
      scan.skipSpace()
      guard scan.string() != nil else { return false }
      scan.skipSpace()
      return scan.isAtEnd
    }
  }

  private static func format(_ delimiter: UInt8) -> ContentFormat {
    let isTab = delimiter == 0x09
    return ContentFormat(
      name: isTab ? "a table with tabs (TSV)" : "a table with commas (CSV)",
      instead: "python3 -c \"import csv, json, sys; csv.field_size_limit(10**9); "
        + "[print(json.dumps(r, ensure_ascii=False)) for r in csv.DictReader(open(sys.argv[1], "
        + "newline='', encoding='utf-8-sig')\(isTab ? ", delimiter='\\t'" : ""))]\" FILE "
        + "> STEM.jsonl")
  }
}
