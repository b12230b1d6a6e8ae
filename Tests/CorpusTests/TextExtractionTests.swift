import DemoCorpus
import Testing

@Suite("Plain text out of files")
struct TextExtractionTests {
  static func plain(_ text: String, _ extraction: TextOrigin.Extraction) -> String {
    String(decoding: PlainText.extract(Array(text.utf8), as: extraction), as: UTF8.self)
  }

  @Test("A manual page loses its requests, fonts and tables")
  func manualPage() {
    let page = """
      .\\" A comment
      .TH READ 2 2023-01-01
      .SH NAME
      read \\- read from a "file" descriptor
      .SH DESCRIPTION
      .BR read ()
      attempts to read up to
      .I count
      bytes\\(aqs \\fIworth\\fP \\[lq]x\\[rq] of \\\\ and \\e.
      .TS
      l l.
      a table
      .TE
      .TP
      .B "one two"
      After\\&wards, a line that \\
      goes on. \\" gone
      .IP \\(bu 3
      item
      .nf
      ssize_t read(int \\s-1fd\\s0);
      """
    #expect(
      Self.plain(page, .manualPage) == """

        NAME
        read - read from a "file" descriptor

        DESCRIPTION
        read()
        attempts to read up to
        count
        bytes's worth "x" of \\ and \\.

        one two
        Afterwards, a line that goes on.\u{20}

        *
        item
        ssize_t read(int fd);

        """)
  }

  @Test("Roff that ends in the middle of an escape does no harm")
  func brokenManualPage() {
    for end in ["\\", "\\f", "\\(", "\\(a", "\\[", "\\[ab", "\\*", "\\s", "\\s-", "."] {
      #expect(Self.plain("text " + end, .manualPage).hasPrefix("text "))
    }
    #expect(Self.plain(".", .manualPage).isEmpty)
    #expect(Self.plain("", .manualPage).isEmpty)
  }

  @Test("Markdown loses link targets, heading marks and emphasis, not words_with_underscores")
  func markdown() {
    #expect(
      Self.plain(
        "## A.1 What?\n\nSee [section\nB](secB.html#x) _\"quoted\"_ **bold** snake_case [no link]",
        .markdown)
        == "A.1 What?\n\nSee section\nB \"quoted\" bold snake_case [no link]\n")
    #expect(Self.plain("](", .markdown) == "](\n")
    #expect(Self.plain("[a](b", .markdown) == "[a](b\n")
  }

  @Test("WordNet's sets become entries; lines that do not parse are left out")
  func wordNet() {
    let data = """
        1 This software and database
      00008435 29 v 03 wink 1 blink 1 blink_away 0 003 @ 00462092 v 0000 | force away; "blink tears"\u{20}\u{20}
      00001740 03 n 01 entity 0 000 | that which is
      00001741 03 n ff entity 0 000 | too few words
      00001742 03 n zz entity 0 000 | no number
      broken | line
      no gloss
      """
    #expect(
      Self.plain(data, .wordNet)
        == "wink, blink, blink away (verb): force away; \"blink tears\"\n\n"
        + "entity (noun): that which is\n\n")
  }
}
