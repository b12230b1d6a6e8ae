import Foundation
import ModelPlaces
import Testing

/// Every program's own way to keep models, as it lies on disks.
@Suite struct ModelSearchTests {
  private final class Home {
    let path = NSTemporaryDirectory() + "miniplm-places-\(UUID().uuidString)"

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String = "x") throws {
      let file = URL(fileURLWithPath: "\(path)/\(name)")
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }

    func link(_ name: String, to target: String) throws {
      let folder = URL(fileURLWithPath: "\(path)/\(name)").deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: "\(path)/\(name)", withDestinationPath: target)
    }

    func find(
      _ variables: [String: String] = [:], folders: [String] = []
    ) -> [String: FoundModel] {
      let search = ModelSearch(
        folders: folders.map { "\(path)/\($0)" }, configuration: "config.json",
        ["HOME": path].merging(variables) { $1 })
      return Dictionary(
        search.run().models.map { ($0.name, $0) }, uniquingKeysWith: { one, _ in one })
    }
  }

  private let home = Home()

  @Test func snapshotsOfTheHubAreFound() throws {
    let repository = ".cache/huggingface/hub/models--o--n"
    for blob in ["aa", "bb"] { try home.write("\(repository)/blobs/\(blob)") }
    for commit in ["1111111111", "2222222222"] {
      try home.link("\(repository)/snapshots/\(commit)/config.json", to: "../../blobs/aa")
      try home.link("\(repository)/snapshots/\(commit)/model.safetensors", to: "../../blobs/bb")
    }
    try home.write("\(repository)/refs/main", "2222222222")
    let lost = ".cache/huggingface/hub/models--o--lost/snapshots/333"
    try home.link("\(lost)/config.json", to: "../../blobs/gone")
    try home.link("\(lost)/model.safetensors", to: "../../blobs/gone")
    try home.write(".cache/huggingface/hub/models--o--part/blobs/x.incomplete")
    try home.write(".cache/huggingface/hub/models--o--q/snapshots/4/q8/m.gguf")
    try home.write(".cache/huggingface/hub/datasets--o--d/snapshots/4/config.json")
    let found = home.find()
    #expect(
      Set(found.keys) == ["o/n", "o/n@11111111", "o/lost", "o/part", "o/q:q8"], "\(found.keys)")
    #expect(found["o/n"]?.path.hasSuffix("/snapshots/2222222222") == true)
    #expect(found["o/n"]?.missing == nil)
    #expect(found["o/lost"]?.missing?.contains("config.json") == true)
    #expect(found["o/part"]?.missing?.contains("miniplm pull o/part") == true)
    #expect(found["o/q:q8"]?.isFile == true)
  }

  @Test func theCacheIsWhereTheVariablesSay() throws {
    try home.write("here/models--o--n/snapshots/1/config.json")
    try home.write("here/models--o--n/snapshots/1/model.safetensors")
    #expect(home.find().isEmpty)
    #expect(home.find(["HF_HUB_CACHE": home.path + "/here"]).keys.contains("o/n"))
    try home.write("there/hub/models--o--m/snapshots/1/config.json")
    #expect(home.find(["HF_HOME": home.path + "/there"]).keys.contains("o/m"))
  }

  @Test func filesOfLMStudioAndLlamaCppAreFound() throws {
    try home.write(".lmstudio/models/pub/Model-GGUF/m-Q4.gguf")
    try home.write(".cache/lm-studio/models/pub/old/a-00001-of-00002.gguf")
    try home.write(".cache/lm-studio/models/pub/old/a-00002-of-00002.gguf")
    try home.write(".cache/lm-studio/models/pub/old/b-00002-of-00003.gguf")
    try home.write(".cache/llama.cpp/own_er_na_me_file-Q8.gguf")
    try home.write(".cache/llama.cpp/manifest=own_er=na_me=latest.json", "{}")
    try home.write(".cache/llama.cpp/plain.gguf")
    try home.write(".cache/llama.cpp/plain.gguf.json")
    let found = home.find()
    #expect(
      Set(found.keys) == [
        "pub/Model-GGUF", "pub/old:a-00001-of-00002.gguf", "pub/old:b-00002-of-00003.gguf",
        "own_er/na_me:file-Q8.gguf", "plain.gguf",
      ], "\(found.keys)")
    #expect(found["pub/old:a-00001-of-00002.gguf"]?.files.count == 2)
    #expect(found["pub/old:a-00001-of-00002.gguf"]?.missing == nil)
    #expect(found["pub/old:b-00002-of-00003.gguf"]?.missing == "lacks 2 of 3 parts")
    try home.write("elsewhere/x.gguf")
    #expect(home.find(["LLAMA_CACHE": home.path + "/elsewhere"])["x.gguf"] != nil)
  }

  @Test func layersOfOllamaAreFound() throws {
    let manifest = """
      {"schemaVersion": 2, "layers": [
        {"mediaType": "application/vnd.ollama.image.template", "digest": "sha256:bb"},
        {"mediaType": "application/vnd.ollama.image.model", "digest": "sha256:aa", "size": 4}]}
      """
    let root = ".ollama/models/manifests"
    try home.write("\(root)/registry.ollama.ai/library/qwen2.5/0.5b", manifest)
    try home.write(
      "\(root)/hf.co/o/n/Q4_K_M", manifest.replacingOccurrences(of: "sha256:aa", with: "sha256:cc"))
    try home.write("\(root)/registry.ollama.ai/someone/broken/latest", "{")
    try home.write(
      "\(root)/registry.ollama.ai/someone/evil/latest",
      manifest.replacingOccurrences(of: "sha256:aa", with: "../../../x"))
    try home.write(".ollama/models/blobs/sha256-aa", "GGUF")
    let found = home.find()
    #expect(Set(found.keys) == ["qwen2.5:0.5b", "hf.co/o/n:Q4_K_M"], "\(found.keys)")
    #expect(found["qwen2.5:0.5b"]?.path.hasSuffix("/blobs/sha256-aa") == true)
    #expect(found["qwen2.5:0.5b"]?.missing == nil)
    #expect(found["hf.co/o/n:Q4_K_M"]?.missing?.contains("ollama pull") == true)
  }

  @Test func foldersAreLookedInto() throws {
    try home.write("models/a/config.json")
    try home.write("models/a/model.safetensors")
    try home.write("models/a/notes.txt")
    try home.write("models/o/b/config.json")
    try home.write("models/c.gguf")
    try home.write("models/pickled/config.json")
    try home.write("models/pickled/pytorch_model.bin")
    try home.write("models/text/readme.txt")
    try home.link("models/round", to: "..")
    let found = home.find(folders: ["models"])
    #expect(Set(found.keys) == ["a", "o/b", "c.gguf", "pickled"], "\(found.keys)")
    #expect(found["c.gguf"]?.path.hasSuffix("/models/c.gguf") == true)
  }

  @Test func aModelThatTwoPlacesLeadToIsFoundOnce() throws {
    try home.write("models/a/config.json")
    try home.write("models/a/model.safetensors")
    let search = ModelSearch(
      folders: ["\(home.path)/models", "\(home.path)/models/a"], configuration: "config.json",
      ["HOME": home.path])
    #expect(search.run().models.count == 1)
    #expect(search.run().places.contains { $0.kind == "Ollama" && !$0.isThere })
  }
}
