import Corpus
import Foundation
import Glibc
import Store
import Synchronization
import Testing

@Suite("Pipes give their bytes once")
struct StreamTests {
  /// A named pipe into which a thread writes `bytes`, in pieces, once somebody reads.
  static func pipe(_ scratch: ScratchFolder, _ name: String, _ bytes: [UInt8]) -> String {
    let path = scratch.path + "/" + name
    mkfifo(path, 0o600)
    let thread = Thread {
      let descriptor = open(path, O_WRONLY)
      guard descriptor >= 0 else { return }
      var rest = bytes[...]
      while !rest.isEmpty {
        let piece = Array(rest.prefix(700))
        let count = piece.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count <= 0 { break }
        rest = rest.dropFirst(count)
      }
      close(descriptor)
    }
    thread.start()
    return path
  }

  @Test("Looked at, guessed from and read, a pipe gives what the file gives")
  func sameAsFile() throws {
    let scratch = try ScratchFolder()
    let lines = (0..<3000).map { "{\"content\": \"text number \($0)\", \"set\": \"s\($0 % 3)\"}\n" }
    let text = Array(lines.joined().utf8)
    for (number, bytes) in [text, gzipStored(text)].enumerated() {
      let file = try scratch.write(bytes, to: "f\(number)")
      let pipe = Self.pipe(scratch, "p\(number)", bytes)
      func read(_ path: String) throws -> [Document] {
        let inputs = try CorpusInputs([path])
        let guess = try #require(try FieldGuess.guess(inputs))
        #expect(guess.text == "content" && guess.source == "set" && guess.lines == 1000)
        var options = ReaderOptions()
        (options.textField, options.sourceField) = (guess.text, guess.source)
        return try documents(CorpusReader(inputs, options: options))
      }
      let expected = try read(file)
      #expect(expected.count == 3000)
      #expect(try read(pipe) == expected)
    }
  }

  @Test("A pipe of plain text is one text, and archives are refused there, too")
  func kinds() throws {
    let scratch = try ScratchFolder()
    let plain = Self.pipe(scratch, "plain", Array("Just words.\nTwo lines.\n".utf8))
    let all = try documents(CorpusReader(inputs: [plain]))
    #expect(all.map(\.string) == ["Just words.\nTwo lines.\n"])
    let tar = Self.pipe(scratch, "tar", ContentFormatTests.tar("text"))
    #expect(try InputTests.refusal(tar)?.contains("tar archive") ?? false)
    let array = Self.pipe(scratch, "a.json", Array("[{\"text\": \"a\"}, {\"text\": \"b\"}]".utf8))
    #expect(try InputTests.refusal(array)?.contains("into the pipe") ?? false)
    let empty = Self.pipe(scratch, "empty", [])
    #expect(try documents(CorpusReader(inputs: [empty])).isEmpty)
  }

  @Test("Nobody reads a stream twice without a word")
  func once() throws {
    let scratch = try ScratchFolder()
    let path = Self.pipe(scratch, "p.jsonl", Array(CorpusReaderTests.line("a").utf8))
    let twice = try corpusError { _ = try CorpusInputs([path, path]) }
    #expect(twice?.message.contains("named twice") ?? false)
    let other = Self.pipe(scratch, "q.jsonl", Array(CorpusReaderTests.line("a").utf8))
    let inputs = try CorpusInputs([other])
    #expect(inputs.stream == other)
    #expect(try documents(CorpusReader(inputs)).count == 1)
    let again = try corpusError { _ = try documents(CorpusReader(inputs)) }
    #expect(
      again?.message.contains("only once") == true || again?.message.contains("already") == true)
    let error = try corpusError { try inputs.requireFiles(for: "this") }
    #expect(error == .stream(path: other, work: "this"))
    // Lets the thread of the first pipe go.
    let reader = open(path, O_RDONLY | O_NONBLOCK)
    close(reader)
  }

  @Test("A wait for a pipe that gives nothing ends when it is told to")
  func stops() throws {
    let scratch = try ScratchFolder()
    let path = scratch.path + "/p.jsonl"
    mkfifo(path, 0o600)
    let deadline = ContinuousClock.now + .milliseconds(300)
    // Nobody ever opens it to write.
    #expect(
      try corpusError { _ = try CorpusInputs([path]) { ContinuousClock.now > deadline } }
        == .cancelled)
    // Somebody writes a line, and then nothing.
    let writer = open(path, O_RDWR)
    defer { close(writer) }
    let line = Array(CorpusReaderTests.line("a").utf8)
    _ = line.withUnsafeBytes { write(writer, $0.baseAddress, $0.count) }
    let stop = Flag()
    let thread = Thread {
      usleep(400_000)
      stop.set()
    }
    thread.start()
    let error = try corpusError {
      let inputs = try CorpusInputs([path]) { stop.isSet }
      _ = try CorpusBuilder(inputs: inputs, tokenizer: ByteTokenizer())
        .build(into: scratch.path + "/out")
    }
    #expect(error == .cancelled)
  }

  private final class Flag: Sendable {
    private let value = Atomic<Bool>(false)
    var isSet: Bool { value.load(ordering: .acquiring) }
    func set() { value.store(true, ordering: .releasing) }
  }
}
