import ArgumentParser
import Foundation
import Numerics
import Pipeline
import Store
import Training

/// A run that branches off another one.
struct ForkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fork",
    abstract: "Branch a training off before a step, without some of its chunks.",
    discussion: """
      The new run begins with the newest checkpoint before the step and reads what its parent reads, \
      but for these chunks; fork.json in its folder says so, and training_data.json of its model. The \
      parent is left as it is. `train` with the parent's options and --run of the new folder goes on.
      """)

  @Argument(help: ArgumentHelp("Run folder to branch off.", valueName: "run"))
  var runFolder: String
  @Option(help: "The step, counted from 1 as in metrics.jsonl.", transform: whole(1...Most.counted))
  var step: Int
  @Option(
    help: "Chunks to leave out, by their numbers in the run's shards: 3,8.", transform: chunkList)
  var dropChunks: [Int]?
  @Option(help: "File with such numbers, separated by spaces, commas or lines.")
  var dropFile: String?
  @Flag(help: "Leave out all chunks with a part of a document of these chunks, too.")
  var wholeDocuments = false
  @Option(help: "Folder of the run's token shards, where its folder does not say.")
  var shards: String?
  @Option(name: [.short, .long], help: "Folder of the new run.")
  var output: String
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if dropChunks == nil, dropFile == nil {
      throw ValidationError("Give --drop-chunks or --drop-file, the chunks to leave out.")
    }
  }

  func run() throws {
    let found = try CommandRun("fork", common, whenStopped: .stoppedWithoutResult).run { work in
      let chunks = try (dropChunks ?? []) + (dropFile.map { try Self.chunks(of: $0) } ?? [])
      return try ForkRun(
        of: runFolder, step: step, dropping: chunks, wholeDocuments: wholeDocuments, shards: shards,
        to: output
      ).run(work)
    }
    if common.json { return try Output.json(found) }
    try Output.line(
      "\(found.run) branches off \(found.parent) behind step \(found.checkpointStep), without "
        + RunFork.words(chunks: found.droppedChunks.count)
        + (found.droppedDocuments.isEmpty
          ? "" : " of \(Number.grouped(found.droppedDocuments.count)) documents"))
    try Output.line("To train it: the parent's train command with --run \(found.run)")
  }

  private static func chunks(of file: String) throws -> [Int] {
    let text = String(decoding: try MappedFile(path: file).copy(), as: UTF8.self)
    return try text.split { $0.isWhitespace || $0 == "," }.map { word in
      guard let chunk = Int(word), chunk >= 0 else {
        throw StoreError.malformed(
          path: file, found: "\"\(word.prefix(40))\"", expected: "numbers of chunks")
      }
      return chunk
    }
  }
}

/// Numbers of chunks with commas between.
@Sendable func chunkList(_ text: String) throws -> [Int] {
  let number: @Sendable (String) throws -> Int = whole(0...Most.counted)
  return try text.split(separator: ",", omittingEmptySubsequences: false).map {
    try number(String($0))
  }
}
