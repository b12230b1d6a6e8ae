import Foundation
import Testing

@Suite struct DependencyTests {
  /// What each module may import of the project's own; the direction of docs/ARCHITECTURE.md.
  static let allowed: [String: Set<String>] = [
    "Numerics": [],
    "Store": ["CCrypto", "CSimdjson"],
    "LinearAlgebra": ["CLapack", "Store"],
    "Reports": ["Store", "Numerics"],
    "ScalingLaws": ["LinearAlgebra", "Store", "Numerics"],
    "Hub": ["CCurl", "Store", "Numerics"],
    "ModelPlaces": ["Hub", "Store"],
    "TensorKit": ["CKernels", "COneDNN", "Numerics", "Store"],
    "Tokenizers": ["Numerics", "Store", "CXxhash"],
    "Corpus": ["Tokenizers", "Store", "Numerics", "CZstd", "CZlib", "CSimdjson"],
    "CorpusStudy": ["Corpus", "Tokenizers", "Store", "Numerics", "CRegex", "CXxhash"],
    "LanguageModels": ["TensorKit", "Tokenizers", "Numerics", "Store"],
    "Training": ["LanguageModels", "TensorKit", "Corpus", "Store", "Numerics"],
    "DifferenceSampling": ["LanguageModels", "TensorKit", "Corpus", "Store", "Numerics"],
    "Evaluation": ["Corpus", "Store", "Numerics"],
    "CorpusQuality": [
      "DifferenceSampling", "CorpusStudy", "Corpus", "LinearAlgebra", "Store", "Numerics",
    ],
    "DemoCorpus": ["Corpus", "Store", "Numerics"],
    "Benchmarking": [
      "Training", "DifferenceSampling", "LanguageModels", "Tokenizers", "Corpus", "TensorKit",
      "CRegisterPeak", "Store", "Numerics",
    ],
    "Pipeline": [
      "Evaluation", "Training", "DifferenceSampling", "LanguageModels", "Tokenizers", "Corpus",
      "CorpusStudy",
      "CorpusQuality", "TensorKit", "ModelPlaces", "Hub", "ScalingLaws", "LinearAlgebra", "Store",
      "Numerics",
    ],
    "Experiments": [
      "Pipeline", "Training", "DifferenceSampling", "LanguageModels", "Tokenizers", "Corpus",
      "DemoCorpus", "Reports", "ScalingLaws", "TensorKit", "Store", "Numerics",
    ],
    "EngineInterface": [],
    "EngineLink": ["EngineInterface", "CLocalSocket", "Store"],
    "Engine": [
      "EngineInterface", "Pipeline", "Training", "DifferenceSampling", "LanguageModels",
      "Tokenizers", "Corpus",
      "CorpusStudy", "CorpusQuality", "ScalingLaws", "DemoCorpus", "TensorKit", "Evaluation",
      "Reports", "Store",
      "Numerics",
    ],
    "TerminalUI": ["CCurses", "Store", "Numerics"],
    "Workbench": ["EngineInterface", "TerminalUI", "Store", "Numerics"],
    "miniplm": [
      "Workbench", "TerminalUI", "Engine", "EngineInterface", "EngineLink", "Experiments",
      "Pipeline", "Evaluation", "Benchmarking", "Training",
      "DifferenceSampling", "LanguageModels", "Tokenizers", "Corpus", "CorpusStudy",
      "CorpusQuality",
      "TensorKit", "ModelPlaces", "Hub", "ScalingLaws", "Store", "Numerics", "CProcess",
    ],
  ]

  let tree: SourceTree

  init() throws { tree = try SourceTree() }

  @Test(arguments: allowed.keys.sorted()) func importsPointDownwards(module: String) throws {
    let imports = tree.imports(of: module).intersection(tree.modules)
    let extra = imports.subtracting(Self.allowed[module] ?? [])
    #expect(extra.isEmpty, "\(module) imports \(extra.sorted())")
  }

  @Test func everyModuleHasARule() {
    let swiftModules = Set(tree.files.filter { $0.path.hasSuffix(".swift") }.map(\.module))
    #expect(swiftModules == Set(Self.allowed.keys))
  }

  @Test(arguments: allowed.keys.sorted()) func theManifestDeclaresNoMore(module: String) throws {
    let compact = tree.manifest.filter { !$0.isWhitespace }
    let opening =
      module == "miniplm"
      ? ".executableTarget(name:\"miniplm\",dependencies:[" : "library(\"\(module)\",["
    let start = try #require(compact.range(of: opening), "no target \(module)")
    let declaration = compact[start.upperBound...].prefix { $0 != "]" }
    let names = Set(declaration.split(whereSeparator: { "\",".contains($0) }).map(String.init))
    let extra = names.intersection(tree.modules).subtracting(Self.allowed[module] ?? [])
    #expect(extra.isEmpty, "Package.swift lets \(module) use \(extra.sorted())")
  }

  /// What holds logic has no business with arguments, and a subcommand none with the parts of models.
  @Test func argumentsStayAtTheDoor() {
    for module in tree.modules where module != "miniplm" {
      #expect(!tree.imports(of: module).contains("ArgumentParser"), "\(module) parses arguments")
    }
  }

  /// Another container of weights, or another name of the configuration, is the work of one place.
  @Test func modelFoldersAreKnownInOnePlace() {
    for file in tree.files where file.path.hasSuffix(".swift") {
      guard !file.path.hasSuffix("Files/ModelFolder.swift") else { continue }
      for name in ["\"config.json\"", "/config.json\""] {
        let isKnown = file.lines.contains {
          $0.contains(name) && !$0.drop(while: { $0 == " " }).hasPrefix("//")
        }
        #expect(!isKnown || file.path.contains("LanguageModels/Files/"), "\(file.path): \(name)")
      }
    }
  }

  /// A family is a place: nobody else tells one from another.
  @Test func familiesAreToldApartInTheirPlaceOnly() {
    for file in tree.files where file.path.hasSuffix(".swift") {
      guard !file.path.hasPrefix("LanguageModels/Families/") else { continue }
      for name in ["== .qwen2", "== .llama", "== .mamba", "case .qwen2:", "case .llama:"]
      where !file.path.hasPrefix("Tokenizers/") && !file.path.hasPrefix("Corpus/") {
        #expect(!file.text.contains(name), "\(file.path) contains \(name)")
      }
    }
  }

  @Test func onlyTheCursesDoorKnowsNcurses() {
    for file in tree.files where file.text.contains("ncurses") {
      #expect(
        ["CCurses", "TerminalUI", "miniplm"].contains(file.module),
        "\(file.path) names ncurses")
    }
  }
}
