/// The kinds of real text in the demo; the raw value is the source label of their documents.
public enum TextKind: String, Codable, Sendable, CaseIterable {
  case prose
  case code
  case documentation
  case dictionary
  case law
  case manual

  /// Where the text of a kind comes from.
  var origin: TextOrigin {
    switch self {
    case .prose:
      TextOrigin(
        packages: ["anarchism"], install: ["anarchism"], licence: "GPL-2+",
        extraction: .markdown,
        // Pages of links are no prose.
        accepts: { ($0.hasSuffix(".md.gz") || $0.hasSuffix(".md")) && !$0.contains("links") })
    case .code:
      TextOrigin(
        packages: ["libpython3.*-stdlib"], install: ["libpython3-stdlib"], licence: "PSF-2",
        extraction: .code, accepts: { $0.hasSuffix(".py") })
    case .documentation:
      TextOrigin(
        packages: ["git-doc"], install: ["git-doc"], licence: "GPL-2", extraction: .plain,
        accepts: { $0.hasSuffix(".txt") || $0.hasSuffix(".txt.gz") })
    case .dictionary:
      TextOrigin(
        packages: ["wordnet-base"], install: ["wordnet-base"], licence: "WordNet 3.0 (like BSD)",
        extraction: .wordNet, accepts: { $0.hasPrefix("/usr/share/wordnet/data.") })
    case .law:
      // Licences: the common ones, and those that every package brings.
      TextOrigin(
        packages: ["*"], install: ["base-files"], licence: "verbatim copies allowed",
        extraction: .plain,
        accepts: { $0.hasSuffix("/copyright") || $0.hasPrefix("/usr/share/common-licenses/") })
    case .manual:
      TextOrigin(
        packages: ["manpages", "manpages-dev"], install: ["manpages", "manpages-dev"],
        licence: "Linux man-pages (verbatim) and GPL-2+", extraction: .manualPage,
        accepts: { $0.hasPrefix("/usr/share/man/man") && $0.hasSuffix(".gz") })
    }
  }
}

/// Packages and files of one kind of text.
package struct TextOrigin {
  /// Names of Debian packages whose files are looked at, `*` standing for any letters.
  let packages: [String]
  /// Names of packages to install.
  let install: [String]
  /// Licence of the text.
  let licence: String
  /// How plain text is made of a file.
  let extraction: Extraction
  /// Whether a file of the packages, named by its full path, is taken.
  let accepts: @Sendable (String) -> Bool

  /// Formats of files.
  package enum Extraction: Sendable { case plain, markdown, code, wordNet, manualPage }
}
