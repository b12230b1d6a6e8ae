/// Containers whose bytes may all be text: their first lines are signs that no text has by chance.
enum TextContainer {
  /// What the start of a content is; nil for none of them.
  static func format(of head: UnsafeRawBufferPointer) -> ContentFormat? {
    if isArchive(head) {
      return ContentFormat(
        name: "an ar archive, as Debian packages are",
        instead: "mkdir -p STEM-files && ar x --output STEM-files FILE (of a Debian package "
          + "dpkg-deb -x FILE STEM-files), then give the folder STEM-files")
    }
    if isWebArchive(head) {
      return ContentFormat(
        name: "a WARC file, which holds web pages", isTable: true,
        instead: "extract the text first, such as with trafilatura and warcio: "
          + "python3 -c \"import json, sys, trafilatura; from warcio.archiveiterator import "
          + "ArchiveIterator; [print(json.dumps({'text': t, 'url': "
          + "r.rec_headers.get_header('WARC-Target-URI')}, ensure_ascii=False)) for r in "
          + "ArchiveIterator(open(sys.argv[1], 'rb')) if r.rec_type in ('response', 'conversion') "
          + "for b in [r.content_stream().read()] for t in [b.decode('utf-8', 'replace') if "
          + "r.rec_type == 'conversion' else trafilatura.extract(b)] if t]\" FILE > STEM.jsonl")
    }
    if isRichText(head) {
      return ContentFormat(
        name: "a document in RTF",
        instead: "pandoc -f rtf -t plain FILE -o STEM.txt (or unrtf --text FILE > STEM.txt)")
    }
    return nil
  }

  /// The mark of an archive and behind it the header of a member, 60 bytes with their own end.
  private static func isArchive(_ head: UnsafeRawBufferPointer) -> Bool {
    guard head.starts(with: Array("!<arch>\n".utf8)) else { return false }
    return head.count >= 68 && head[66] == UInt8(ascii: "`") && head[67] == 0x0A
  }

  /// The line of the version, and a header of a record in the line behind it.
  private static func isWebArchive(_ head: UnsafeRawBufferPointer) -> Bool {
    guard head.starts(with: Array("WARC/".utf8)) else { return false }
    let lines = head.prefix(200).split(separator: 0x0A, maxSplits: 2)
    guard lines.count >= 2 else { return false }
    let version = lines[0].dropFirst(5).filter { $0 != 0x0D }
    let isVersion =
      version.count >= 3 && version.count <= 5
      && version.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
    let header = String(decoding: lines[1], as: UTF8.self).lowercased()
    let isHeader = header.hasPrefix("warc-") || header.hasPrefix("content-")
    return isVersion && isHeader && header.contains(":")
  }

  /// The group around a document, and a control word in it.
  private static func isRichText(_ head: UnsafeRawBufferPointer) -> Bool {
    guard head.starts(with: Array("{\\rtf1".utf8)) else { return false }
    let next = head.dropFirst(6).first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D }
    return next == UInt8(ascii: "\\")
  }
}
