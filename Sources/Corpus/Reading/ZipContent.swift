/// What a zip archive is made for, by the names of its members.
enum ZipContent {
  /// nil for what is no zip archive.
  static func format(of head: UnsafeRawBufferPointer) -> ContentFormat? {
    guard head.starts(with: [0x50, 0x4B]), head.count >= 4,
      [[3, 4], [5, 6], [7, 8]].contains([head[2], head[3]])
    else { return nil }
    let text = String(decoding: head, as: Unicode.ASCII.self)
    if text.contains("word/") {
      return ContentFormat(
        name: "a Word document", instead: "pandoc -t plain FILE -o STEM.txt")
    }
    if text.contains("xl/") {
      return ContentFormat(
        name: "an Excel workbook", isTable: true, instead: "export its texts as JSON lines")
    }
    if text.contains("ppt/") {
      return ContentFormat(
        name: "a PowerPoint document",
        instead: "soffice --headless --convert-to pdf FILE, then "
          + "pdftotext STEM.pdf")
    }
    if text.contains("application/epub+zip") {
      return ContentFormat(name: "an EPUB book", instead: "pandoc -t plain FILE -o STEM.txt")
    }
    if text.contains("opendocument") {
      return ContentFormat(
        name: "an OpenDocument file", instead: "pandoc -t plain FILE -o STEM.txt")
    }
    if text.contains("data.pkl") {
      return ContentFormat(
        name: "a checkpoint of PyTorch",
        instead: "leave it out; only text and JSON lines can be read")
    }
    if text.contains(".npy") {
      return ContentFormat(
        name: "an archive of NumPy arrays", isTable: true,
        instead: "export its texts as JSON lines, one object a document")
    }
    let name = text.contains("META-INF/") ? "a Java archive (zip)" : "a zip archive"
    return ContentFormat(
      name: name, instead: "unzip FILE -d STEM, then give the folder STEM")
  }
}
