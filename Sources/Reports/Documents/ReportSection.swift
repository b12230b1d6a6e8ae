/// A part of a report: words, tables, pictures, and the same as files beside it.
public struct ReportSection: Sendable, Equatable {
  public enum Block: Sendable, Equatable {
    /// Plain words; nothing in them is markup.
    case paragraph(String)
    case list([String])
    /// - file: name of the CSV file with the same content; nil for none.
    case table(ReportTable, file: String?)
    /// - file: name of the SVG file; words: what it shows, for readers that cannot see it.
    case picture(svg: String, file: String, words: String)
  }

  public var title: String
  public var blocks: [Block]

  public init(_ title: String, _ blocks: [Block] = []) {
    self.title = title
    self.blocks = blocks
  }
}

/// A report: sections in order, and files of other kinds that belong to it.
public struct ReportDocument: Sendable, Equatable {
  public var title: String
  /// Under the title.
  public var lead: [ReportSection.Block]
  public var sections: [ReportSection]
  /// Further files by name, for programs.
  public var attachments: [String: String]

  public init(
    title: String, lead: [ReportSection.Block] = [], sections: [ReportSection],
    attachments: [String: String] = [:]
  ) {
    self.title = title
    self.lead = lead
    self.sections = sections
    self.attachments = attachments
  }

  /// The text of README.md, which refers to the other files.
  public var markdown: String {
    var parts = ["# " + MarkdownText.escaped(title)]
    parts += lead.map(Self.markdown)
    for section in sections {
      parts.append("## " + MarkdownText.escaped(section.title))
      parts += section.blocks.map(Self.markdown)
    }
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  /// Every file of the report by name, README.md among them.
  public var files: [String: String] {
    var files = attachments
    files["README.md"] = markdown
    for block in lead + sections.flatMap(\.blocks) {
      switch block {
      case .table(let table, .some(let file)): files[file] = CSVText.text(of: table)
      case .picture(let svg, let file, _): files[file] = svg
      case .paragraph, .list, .table: break
      }
    }
    return files
  }

  private static func markdown(_ block: ReportSection.Block) -> String {
    switch block {
    case .paragraph(let text): return MarkdownText.line(text)
    case .list(let lines): return lines.map { "- " + MarkdownText.line($0) }.joined(separator: "\n")
    case .table(let table, let file):
      let text = MarkdownText.table(table)
      return file.map { text + "\n[\(MarkdownText.escaped($0))](\($0))" } ?? trimmed(text)
    case .picture(_, let file, let words): return "![\(MarkdownText.escaped(words))](\(file))"
    }
  }

  private static func trimmed(_ text: String) -> String {
    text.hasSuffix("\n") ? String(text.dropLast()) : text
  }
}
