import Foundation
import Hub
import Testing

/// Which files are taken.
@Suite struct ChoiceTests {
  private func listing(_ names: [String]) throws -> HubListing {
    let files = names.map { "{\"rfilename\": \"\($0)\", \"size\": 5}" }.joined(separator: ",")
    return try HubListing(
      Array("{\"sha\": \"0123456789abcdef\", \"siblings\": [\(files)]}".utf8),
      of: RepositoryName.parse("a/b").repository, revision: "main")
  }

  private func choice(_ names: [String], _ file: String? = nil) throws -> [String] {
    try FileChoice(listing(names), file: file, names: PullPlace.names).files.map(\.name)
  }

  @Test func aModelIsItsConfigurationTokenizerAndWeights() throws {
    #expect(
      try choice([
        "README.md", "config.json", "pytorch_model.bin", "onnx/model.onnx", "model.safetensors",
        "tokenizer.json", "model.gguf",
      ]) == ["config.json", "tokenizer.json", "model.safetensors"])
  }

  @Test func partsFollowTheirIndex() throws {
    let listing = try listing([
      "config.json", "model.safetensors.index.json", "model-00001-of-00002.safetensors",
      "model-00002-of-00002.safetensors", "consolidated.safetensors",
    ])
    var choice = try FileChoice(listing, file: nil, names: PullPlace.names)
    try choice.add(weights: ["model-00002-of-00002.safetensors"], of: listing)
    #expect(
      choice.files.map(\.name) == [
        "config.json", "model.safetensors.index.json", "model-00002-of-00002.safetensors",
      ])
    // Whoever sees the configuration sees all of it.
    #expect(
      choice.appearing.map(\.name) == [
        "model-00002-of-00002.safetensors", "model.safetensors.index.json", "config.json",
      ])
    #expect(throws: HubError.self) {
      try choice.add(weights: ["model-00003-of-00002.safetensors"], of: listing)
    }
  }

  @Test func aNamedFileComesWithAllItsParts() throws {
    let names = [
      "q8/m-q8_0-00001-of-00002.gguf", "q8/m-q8_0-00002-of-00002.gguf", "m-q4_k_m.gguf",
      "config.json",
    ]
    #expect(try choice(names, "m-q4_k_m.gguf") == ["m-q4_k_m.gguf"])
    #expect(try choice(names, "Q4_K_M") == ["m-q4_k_m.gguf"])
    for named in ["q8/m-q8_0-00001-of-00002.gguf", "m-q8_0-00002-of-00002.gguf", "Q8_0"] {
      #expect(try choice(names, named) == Array(names.prefix(2)), "\(named)")
    }
    #expect(try choice(names, "config.json") == ["config.json"])
    #expect(throws: HubError.self) { try choice(names, "Q6_K") }
  }

  @Test func whatIsNotReadIsRefused() throws {
    for (names, file) in [
      (["config.json", "pytorch_model.bin"], nil), (["a.gguf", "b.gguf"], nil),
      (["README.md"], nil),
      (["model.safetensors"], nil), (["config.json", "pytorch_model.bin"], "pytorch_model.bin"),
    ] as [([String], String?)] {
      #expect(throws: HubError.self) { try choice(names, file) }
    }
    #expect { try choice(["config.json", "pytorch_model.bin"]) } throws: {
      "\($0)".contains("run code")
    }
    #expect { try choice(["a.gguf", "b.gguf"]) } throws: { "\($0)".contains("a/b:a.gguf") }
    #expect(try choice(["only.gguf", "README.md"]) == ["only.gguf"])
  }

  @Test func namesAreThoseOfTheHub() throws {
    for good in ["a/b", "Qwen/Qwen2.5-0.5B", "o_o/x.y-z"] {
      #expect(RepositoryName(good) != nil, "\(good)")
    }
    for bad in ["a", "a/b/c", "../b", "a/..", "a/b--c", "-a/b", "a/b.", "a b/c", "/b", "a/", "ä/b"]
    {
      #expect(RepositoryName(bad) == nil, "\(bad)")
    }
    let named = try RepositoryName.parse("a/b:c/d.gguf")
    #expect("\(named.repository)" == "a/b" && named.file == "c/d.gguf")
    for bad in ["a:b", "a/b:", ":c", ""] {
      #expect(throws: HubError.self) { try RepositoryName.parse(bad) }
    }
  }

  @Test func partsAreKnownByTheirNames() {
    #expect(GGUFParts("x-00002-of-00003.gguf")?.name(1) == "x-00001-of-00003.gguf")
    for name in ["x.gguf", "x-00004-of-00003.gguf", "x-1-of-3.gguf", "x-00000-of-00003.gguf"] {
      #expect(GGUFParts(name) == nil, "\(name)")
    }
  }

  @Test func theEnvironmentIsThatOfPython() throws {
    func cache(_ variables: [String: String]) -> String { HubCache(variables).path }
    #expect(cache(["HOME": "/h"]) == "/h/.cache/huggingface/hub")
    #expect(cache(["HOME": "/h", "XDG_CACHE_HOME": "/x"]) == "/x/huggingface/hub")
    #expect(cache(["HOME": "/h", "XDG_CACHE_HOME": "/x", "HF_HOME": "~/f/"]) == "/h/f/hub")
    #expect(cache(["HF_HOME": "/f", "HF_HUB_CACHE": "/c"]) == "/c")
    for endpoint in ["ftp://x", "hub", "https://"] {
      #expect(throws: HubError.self) { try HubEnvironment(["HF_ENDPOINT": endpoint]) }
    }
    #expect(try HubEnvironment(["HF_ENDPOINT": "http://h:1/"]).endpoint == "http://h:1")
    for token in ["a b", "a\nb: c", "ä"] {
      #expect(throws: HubError.self) { try HubEnvironment(["HF_TOKEN": token]) }
    }
    #expect(try HubEnvironment(["HF_TOKEN": " hf_x\n", "HOME": "/none"]).token == "hf_x")
  }

  @Test func waitingTimesAreReadFromBothForms() {
    func seconds(_ text: String) -> Double? {
      HubClient.retryAfter(HTTPResponse(status: 429, headers: ["retry-after": text]))
    }
    #expect(seconds("7") == 7)
    #expect(seconds("Wed, 21 Oct 2015 07:28:00 GMT") == 0)
    #expect(seconds("soon") == nil && seconds("nan") == nil)
  }
}
