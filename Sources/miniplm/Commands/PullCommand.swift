import ArgumentParser
import Hub
import Numerics
import Pipeline

/// A model of the hub.
struct PullCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pull",
    abstract: "Fetch a model from the hub: its configuration, tokenizer and weights, checked.",
    discussion: """
      It goes into the hub's cache (HF_HUB_CACHE, HF_HOME), where Python's libraries find it as well, \
      or into a folder of its own with -o. HF_ENDPOINT names another hub, HF_TOKEN a token; it is sent \
      to that hub alone. Safetensors are taken, or the file that is named: OWNER/NAME:FILE, all parts \
      of it, and for GGUF a quantization will do (OWNER/NAME:Q4_K_M). Nothing is seen of a model \
      before all of it is there with the digests that the hub names. Stopped, killed or cut off, the \
      same command goes on behind what has come.
      """)

  @Argument(help: ArgumentHelp("The model, and a file of it.", valueName: "OWNER/NAME[:FILE]"))
  var model: String
  @Option(name: [.short, .long], help: "Folder to make, instead of the hub's cache.")
  var output: String?
  @Option(help: "Branch, tag or commit.")
  var revision = Pull.usualRevision
  @Flag(name: .long, help: "Print the result as JSON.")
  var json = false
  @Flag(name: [.short, .long], help: "No progress lines.")
  var quiet = false

  func run() throws {
    try requireUTF8(model, option: "OWNER/NAME")
    try requireUTF8(revision, option: "--revision")
    let run = CommandRun("pull", isQuiet: quiet)
    let pull = try Pull(model, revision: revision, into: output, HubEnvironment())
    let pulled = try run.run { try pull.run($0) }
    if json {
      return try Output.json(
        Result(
          path: pulled.path, model: pulled.repository, commit: pulled.commit, files: pulled.files,
          bytes: pulled.bytes, presentFiles: pulled.presentFiles))
    }
    let present = pulled.presentFiles > 0 ? ", \(pulled.presentFiles) there before" : ""
    try Output.line(
      "\(pulled.files.count) file\(pulled.files.count == 1 ? "" : "s")\(present), \(Number.bytes(pulled.bytes)), commit "
        + "\(pulled.commit.prefix(12)), in \(pulled.path)")
  }

  private struct Result: Encodable {
    var path: String
    var model: String
    var commit: String
    var files: [String]
    var bytes: Int
    var presentFiles: Int
  }
}
