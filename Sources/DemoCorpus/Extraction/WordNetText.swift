/// A data file of WordNet as dictionary entries: the words of a synonym set and what they mean.
enum WordNetText {
  static func plain(_ content: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(content.count / 2)
    forEachLine(of: content) { line in
      // The licence at the start is indented.
      guard let first = line.first, first != 0x20,
        let bar = line.firstIndex(of: UInt8(ascii: "|"))
      else { return }
      // Offset, number of the file, part of speech, number of words in hexadecimal, and for every
      // word a number that tells its senses apart.
      let fields = line[..<bar].split(separator: 0x20)
      guard fields.count > 4,
        let count = Int(String(decoding: fields[3], as: UTF8.self), radix: 16),
        fields.count >= 4 + 2 * count
      else { return }
      for word in 0..<count {
        if word > 0 { output.append(contentsOf: ", ".utf8) }
        output.append(
          contentsOf: fields[4 + 2 * word].map { $0 == UInt8(ascii: "_") ? 0x20 : $0 })
      }
      output.append(contentsOf: " (\(partOfSpeech(fields[2]))): ".utf8)
      output.append(contentsOf: line[(bar + 1)...].trimmed)
      output.append(contentsOf: "\n\n".utf8)
    }
    return output
  }

  private static func partOfSpeech(_ code: ArraySlice<UInt8>) -> String {
    switch code.first {
    case UInt8(ascii: "n"): "noun"
    case UInt8(ascii: "v"): "verb"
    case UInt8(ascii: "r"): "adverb"
    default: "adjective"
    }
  }
}
