import Foundation
import Testing

/// The models of a machine, and their names in the place of paths.
@Suite struct ModelsTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  private var environment: [String: String] {
    [
      "HOME": place.path + "/home", "HF_HOME": "", "HF_HUB_CACHE": place.path + "/hub",
      "XDG_CACHE_HOME": "", "OLLAMA_MODELS": place.path + "/ollama", "LLAMA_CACHE": "",
    ]
  }

  /// The tiny teacher as the hub's cache has it.
  private func makeSnapshot(_ work: TinyWork, _ name: String = "owner--tiny") throws {
    let files = FileManager.default
    let model = place.path + "/hub/models--\(name)"
    for folder in ["blobs", "refs", "snapshots/c0ffee12"] {
      try files.createDirectory(
        atPath: "\(model)/\(folder)", withIntermediateDirectories: true)
    }
    for file in work.names("teacher") {
      try files.copyItem(
        atPath: "\(work.path)/teacher/\(file)", toPath: "\(model)/blobs/of-\(file)")
      try files.createSymbolicLink(
        atPath: "\(model)/snapshots/c0ffee12/\(file)",
        withDestinationPath: "../../blobs/of-\(file)")
    }
    try place.write("c0ffee12", to: "hub/models--\(name)/refs/main")
  }

  @Test func modelsAreListedWithWhatTheyAre() throws {
    let work = try TinyWork.shared.get()
    try makeSnapshot(work)
    try FileManager.default.copyItem(
      atPath: work.path + "/reference", toPath: place.path + "/small")
    try FileManager.default.removeItem(atPath: place.path + "/small/model.safetensors")
    try FileManager.default.createDirectory(
      atPath: place.path + "/models", withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: work.path + "/reference", toPath: place.path + "/models/reference")
    let outcome = try Program.run(
      ["models", "--json"], in: place.path, environment: environment)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let result = try #require(try outcome.json() as? [String: Any])
    let models = try #require(result["models"] as? [[String: Any]])
    func model(_ name: String) throws -> [String: Any] {
      try #require(models.first { $0["name"] as? String == name }, "\(models)")
    }
    let tiny = try model("owner/tiny")
    #expect(tiny["usable"] as? Bool == true)
    #expect(tiny["family"] as? String == "qwen2")
    #expect(tiny["vocabulary"] as? Int == 300)
    #expect(tiny["place"] as? String == "hub cache")
    #expect((tiny["fits"] as? [String])?.contains("f32") == true)
    #expect(tiny["sameTokenizerAs"] as? [String] == ["reference", "small"])
    let small = try model("small")
    #expect(small["usable"] as? Bool == false)
    #expect((small["obstacle"] as? String)?.contains("weights") == true)
    // As text the same, with what to do first.
    let text = try Program.run(["models"], in: place.path, environment: environment)
    #expect(text.output.contains("owner/tiny (hub cache): qwen2"))
    #expect(text.output.contains("cannot be used:"))
    #expect(text.output.contains("memory: f32 "))
  }

  @Test func anEmptyMachineSaysWhereWasLooked() throws {
    let outcome = try Program.run(["models"], in: place.path, environment: environment)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("miniplm pull"))
    #expect(outcome.output.contains("\(place.path)/hub (hub cache, not there)"))
  }

  @Test func aNameOfTheHubStandsForItsSnapshot() throws {
    let work = try TinyWork.shared.get()
    try makeSnapshot(work)
    let arguments = ["evaluate", "--shards", "held", "--json", "--model"]
    let named = try Program.run(
      arguments + ["owner/tiny"], in: work.path, environment: environment)
    #expect(named.status == 0, "\(named.errors)")
    #expect(named.errors.contains("owner/tiny is snapshot c0ffee12 of the cache"))
    let plain = try Program.run(arguments + ["teacher"], in: work.path, environment: environment)
    #expect(named.output == plain.output && plain.status == 0)
    let inspected = try Program.run(
      ["inspect", "owner/tiny"], in: work.path, environment: environment)
    #expect(inspected.output.contains("qwen2"))
  }

  @Test func aNameThatIsNotThereIsToBeFetched() throws {
    let work = try TinyWork.shared.get()
    for arguments in [
      ["evaluate", "--shards", "held", "--model", "owner/none"],
      ["generate", "--prompt", "a", "--model=owner/none"],
      ["tokenizer", "encode", "owner/none"],
    ] {
      let outcome = try Program.run(arguments, in: work.path, environment: environment)
      #expect(outcome.status == 3, "\(arguments): \(outcome.status) \(outcome.errors)")
      #expect(outcome.errors.contains("miniplm pull owner/none"), "\(outcome.errors)")
    }
    // What is a path is no name of the hub.
    let outcome = try Program.run(
      ["evaluate", "--shards", "held", "--model", "nothing"], in: work.path,
      environment: environment)
    #expect(outcome.status == 3 && !outcome.errors.contains("miniplm pull"))
  }

  private func copy(_ model: String, of work: TinyWork, to path: String) throws {
    let target = URL(filePath: place.path + "/" + path)
    try FileManager.default.createDirectory(
      at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: URL(filePath: work.path + "/" + model), to: target)
  }

  /// Whatever 'models' shows as a name is one where a model is expected.
  @Test func namesOfTheListStandForTheirPaths() throws {
    let work = try TinyWork.shared.get()
    try copy("reference", of: work, to: "models/small")
    try copy("teacher", of: work, to: "home/.lmstudio/models/owner/large")
    let manifests = "ollama/manifests/registry.ollama.ai/library/tiny"
    try FileManager.default.createDirectory(
      atPath: place.path + "/" + manifests, withIntermediateDirectories: true)
    try place.write(
      #"{"layers": [{"mediaType": "application/vnd.ollama.image.model", "#
        + #""digest": "sha256:0a"}]}"#, to: "\(manifests)/latest")
    let gguf = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("LanguageModelsTests/Fixtures/gguf/llama3-untied.gguf")
    try FileManager.default.createDirectory(
      atPath: place.path + "/ollama/blobs", withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: gguf.path, toPath: place.path + "/ollama/blobs/sha256-0a")
    for (name, family, path) in [
      ("small", "qwen2", "models/small"), ("owner/large", "qwen2", "owner/large"),
      ("large", "qwen2", "owner/large"), ("tiny:latest", "llama", "ollama/blobs/sha256-0a"),
      ("tiny", "llama", "ollama/blobs/sha256-0a"),
    ] {
      let found = try Program.run(["inspect", name], in: place.path, environment: environment)
      #expect(found.status == 0, "\(name): \(found.errors)")
      #expect(found.output.contains(family), "\(name): \(found.output)")
      #expect(
        found.errors.contains("\(name) is ") && found.errors.contains(path), "\(found.errors)")
    }
    // In the place of an option, too; a path goes before.
    let options = ["generate", "--prompt", "a", "--max-new-tokens", "2", "--model"]
    let named = try Program.run(options + ["large"], in: place.path, environment: environment)
    #expect(named.status == 0, "\(named.errors)")
    try copy("reference", of: work, to: "large")
    let path = try Program.run(options + ["large"], in: place.path, environment: environment)
    #expect(path.status == 0 && !path.errors.contains("large is "))
  }

  @Test func namesOfSeveralAndOfNoneListWhatThereIs() throws {
    let work = try TinyWork.shared.get()
    try copy("reference", of: work, to: "models/one/small")
    try copy("reference", of: work, to: "home/.lmstudio/models/two/small")
    let several = try Program.run(
      ["inspect", "small"], in: place.path, environment: environment)
    #expect(several.status == 2, "\(several.status) \(several.errors)")
    #expect(several.errors.contains("2 models"), "\(several.errors)")
    for path in ["models/one/small", ".lmstudio/models/two/small"] {
      #expect(several.errors.contains(path), "\(several.errors)")
    }
    let none = try Program.run(
      ["generate", "--prompt", "a", "--model", "smal"], in: place.path, environment: environment)
    #expect(none.status == 3, "\(none.status) \(none.errors)")
    #expect(none.errors.contains("No model of this machine is called smal"), "\(none.errors)")
    #expect(none.errors.contains("one/small (folder): models/one/small"), "\(none.errors)")
  }
}
