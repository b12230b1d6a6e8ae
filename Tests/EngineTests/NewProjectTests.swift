import Corpus
import Engine
import Foundation
import Glibc
import Pipeline
import Store
import Testing

@Suite struct NewProjectTests {
  @Test func aPipeIsRefusedBeforeItIsOpened() throws {
    let root = NSTemporaryDirectory() + "new-project-\(UUID().uuidString)"
    try Folder.make(root)
    defer { try? Folder.remove(root) }
    let (text, fifo) = (root + "/text.jsonl", root + "/pipe.jsonl")
    try AtomicFile.write(text: "{\"text\": \"some words\"}\n", to: text)
    // Nobody writes to it: to open it would be to wait.
    #expect(mkfifo(fifo, 0o600) == 0)
    var measured = NewProject(corpus: [text])
    measured.heldOut = [fifo]
    for project in [NewProject(corpus: [fifo]), measured] {
      #expect(throws: CorpusError.stream(path: fifo, work: "a project")) {
        try project.settings(for: root + "/project", Work())
      }
    }
  }
}
