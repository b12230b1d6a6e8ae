import Foundation
import Glibc
import Store

/// What stands in a file whose name promises something else, by its first bytes; and what somebody
/// does about it.
struct FileNature {
  /// What it is, as a sentence names it.
  let words: String
  /// What to do.
  let advice: String

  /// Nil for a file that looks as its name says, or cannot be read.
  init?(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    if let kind = Self.kind(status.st_mode) {
      self.init("\(kind), no file", "Give a model folder whose files are plain files.")
      return
    }
    guard let file = try? PositionedFile(path: path) else { return nil }
    var start = [UInt8](repeating: 0, count: min(512, file.byteCount))
    let isRead = start.withUnsafeMutableBytes { bytes in
      (try? file.read(at: 0, into: bytes)) != nil
    }
    guard isRead, let nature = Self.nature(start, size: file.byteCount, path: path) else {
      return nil
    }
    self = nature
  }

  private init(_ words: String, _ advice: String) {
    self.words = words
    self.advice = advice
  }

  /// What is no plain file, by its mode.
  private static func kind(_ mode: mode_t) -> String? {
    switch mode & S_IFMT {
    case S_IFREG: nil
    case S_IFDIR: "a folder"
    case S_IFIFO: "a pipe"
    case S_IFSOCK: "a socket"
    default: "a device"
    }
  }

  private static func nature(_ start: [UInt8], size: Int, path: String) -> FileNature? {
    let folder = Folder.parent(of: path)
    let again = "Download or copy \(path) again."
    if size == 0 { return FileNature("an empty file", again) }
    if start.allSatisfy({ $0 == 0 }) {
      return FileNature("zeros, as of a download that was cut", again)
    }
    let text = String(decoding: start, as: UTF8.self)
    let word = text.drop { $0.isWhitespace }.lowercased()
    if text.hasPrefix("version https://git-lfs") {
      return FileNature(
        "a git-LFS pointer of \(size) bytes instead of the content",
        "Run `git lfs pull` in \(folder), or download the file itself.")
    }
    if word.hasPrefix("<!doctype") || word.hasPrefix("<html") {
      return FileNature(
        "a web page (HTML)",
        "Download the file itself: its address has /resolve/ where the page has /blob/.")
    }
    if word.hasPrefix("<?xml") || word.hasPrefix("<error") {
      return FileNature("a server's answer (XML)", again)
    }
    return binary(start, path: path)
  }

  private static func binary(_ start: [UInt8], path: String) -> FileNature? {
    // Only weights can be converted; a configuration was taken for something else.
    let isText = path.hasSuffix(".json")
    let conversion =
      isText
      ? "Download or copy \(path) again: it is a text file."
      : "Convert it: \(PickledWeights.conversion(Folder.parent(of: path)))"
    let written = isText ? "" : ", as torch.save writes it"
    if isPickle(start) { return FileNature("a pickle\(written)", conversion) }
    let kinds: [(magic: [UInt8], words: String, advice: String)] = [
      (
        GGUFFile.magic, "a GGUF file",
        "A GGUF file is a whole model by itself: give \(path) where the folder was given."
      ),
      (
        Array("PK\u{3}\u{4}".utf8), "an archive (zip)\(written)",
        isText ? "Unpack it: unzip \(path)." : conversion
      ),
      ([0x1F, 0x8B], "a gzip archive", "Unpack it: gzip -d, or tar xzf for a .tar.gz."),
      ([0x28, 0xB5, 0x2F, 0xFD], "a zstd archive", "Unpack it: zstd -d."),
      ([0x89, 0x48, 0x44, 0x46], "an HDF5 file", "Give the model's safetensors weights."),
      (
        [0xFF, 0xFE], "text in UTF-16",
        "Save it as UTF-8: iconv -f UTF-16 -t UTF-8."
      ),
      ([0xFE, 0xFF], "text in UTF-16", "Save it as UTF-8: iconv -f UTF-16 -t UTF-8."),
    ]
    return kinds.first { start.starts(with: $0.magic) }.map { FileNature($0.words, $0.advice) }
  }

  /// Whether a file begins as pickles of the protocols 2 to 5 do. In the length of a safetensors
  /// header zeros follow.
  private static func isPickle(_ start: [UInt8]) -> Bool {
    start.count > 2 && start[0] == 0x80 && (2...5).contains(start[1]) && start[2] != 0
  }
}

/// Weights of torch.save: reading them can run code that they hold.
enum PickledWeights {
  /// The command that turns the weights of `folder` into safetensors.
  static func conversion(_ folder: String) -> String {
    "python3 -c \"from transformers import AutoModelForCausalLM as M; "
      + "M.from_pretrained('\(folder)').save_pretrained('\(folder)-safetensors')\""
  }
}
