import Corpus
import Foundation
import Glibc
import Store
import Testing

@Suite("Names of files are bytes")
struct FileNameTests {
  private static func write(_ folder: String, _ name: [UInt8], _ text: String) {
    let path = (Array(folder.utf8) + [0x2F] + name + [0]).map { CChar(bitPattern: $0) }
    let file = open(path, O_WRONLY | O_CREAT, 0o600)
    _ = text.withCString { Glibc.write(file, $0, strlen($0)) }
    close(file)
  }

  @Test(
    "A name that is no UTF-8 does not end the reading of its folder, and leads back to its file")
  func odd() throws {
    let scratch = try ScratchFolder()
    let folder = scratch.path + "/in"
    try Folder.make(folder)
    Self.write(folder, Array("caf".utf8) + [0xE9] + Array(".txt".utf8), "one byte. ")
    Self.write(folder, [0xFF, 0xFE], "bytes alone. ")
    Self.write(folder, Array("\\xE9.txt".utf8), "a backslash. ")
    Self.write(folder, Array("plain é.txt".utf8), "plain. ")
    let all = try documents(CorpusReader(inputs: [folder]))
    #expect(all.map(\.name) == ["\\x5CxE9.txt", "\\xFF\\xFE", "caf\\xE9.txt", "plain é.txt"])
    #expect(all.map(\.string) == ["a backslash. ", "bytes alone. ", "one byte. ", "plain. "])
    let out = scratch.path + "/out"
    let built = try CorpusBuilder(
      inputs: [folder], settings: CorpusPipelineTests.settings(.none), tokenizer: ByteTokenizer()
    ).build(into: out)
    #expect(built.documents == 4 && built.inputs.map(\.bytes) == [13, 13, 10, 7])
    let table = try #require(try DocumentTable.find(in: out))
    #expect(
      try table.text(of: table.record(of: 2)).map { String(decoding: $0, as: UTF8.self) }
        == "one byte. ")
    // Done already: the names are found again.
    let again = try CorpusBuilder(
      inputs: [folder], settings: CorpusPipelineTests.settings(.none), tokenizer: ByteTokenizer()
    ).build(into: out)
    #expect(again == built)
    // An argument whose bytes came as U+FFFD means the one file that looks like it.
    let named = try documents(CorpusReader(inputs: [folder + "/caf\u{FFFD}.txt"]))
    #expect(named.map(\.string) == ["one byte. "])
  }
}
