// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let cSettings: [CSetting] = [.define("_GNU_SOURCE"), .treatAllWarnings(as: .error)]

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, resources: resources, swiftSettings: swiftSettings)
}

let package = Package(
  name: "miniplm",
  products: [.executable(name: "miniplm", targets: ["miniplm"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
  ],
  targets: [
    // C: kernels of our own, and thin doors to system libraries.
    .target(name: "CKernels", cSettings: cSettings),
    .target(name: "CRegisterPeak", cSettings: cSettings),
    .target(name: "CProcess", cSettings: cSettings),
    .target(name: "CLocalSocket", cSettings: cSettings),
    .systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CXxhash", providers: [.apt(["libxxhash-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CLapack", providers: [.apt(["libopenblas-serial-dev"])]),
    .target(
      name: "COneDNN", cSettings: cSettings,
      linkerSettings: [.linkedLibrary("dnnl"), .linkedLibrary("gomp")]),
    .target(
      name: "CSimdjson",
      linkerSettings: [.linkedLibrary("simdjson")]),
    .target(
      name: "CRegex",
      linkerSettings: [.linkedLibrary("re2")]),
    .target(
      name: "CCurl", cSettings: cSettings,
      linkerSettings: [.linkedLibrary("curl")]),
    .target(
      name: "CCurses", cSettings: cSettings,
      linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),

    // Ground: random numbers and statistics; files.
    library("Numerics", []),
    library("Store", ["CCrypto", "CSimdjson"]),
    library("LinearAlgebra", ["CLapack", "Store"]),
    // Reports: pictures, tables, folders of them.
    library("Reports", ["Store", "Numerics"]),
    library("ScalingLaws", ["LinearAlgebra", "Store", "Numerics"]),
    // The hub: fetching models, and the layout of its cache.
    library("Hub", ["CCurl", "Store", "Numerics"]),
    library("ModelPlaces", ["Hub", "Store"]),

    // The engine's layers, from kernels up.
    library("TensorKit", ["CKernels", "COneDNN", "Numerics", "Store"]),
    library("Tokenizers", ["Numerics", "Store", "CXxhash"]),
    library("Corpus", ["Tokenizers", "Store", "Numerics", "CZstd", "CZlib", "CSimdjson"]),
    library("CorpusStudy", ["Corpus", "Tokenizers", "Store", "Numerics", "CRegex", "CXxhash"]),
    library("LanguageModels", ["TensorKit", "Tokenizers", "Numerics", "Store"]),
    library("Training", ["LanguageModels", "TensorKit", "Corpus", "Store", "Numerics"]),
    library("DifferenceSampling", ["LanguageModels", "TensorKit", "Corpus", "Store", "Numerics"]),
    // Zero-shot tasks, from a file to a decision; knows no model and no tokenizer.
    library("Evaluation", ["Corpus", "Store", "Numerics"]),
    library(
      "CorpusQuality",
      [
        "DifferenceSampling", "CorpusStudy", "Corpus", "LinearAlgebra", "Store", "Numerics",
      ]),
    library("DemoCorpus", ["Corpus", "Store", "Numerics"]),
    library(
      "Benchmarking",
      [
        "Training", "DifferenceSampling", "LanguageModels", "Tokenizers", "Corpus", "TensorKit",
        "CRegisterPeak", "Store", "Numerics",
      ]),
    // The steps of the method, one verb each, for every front end.
    library(
      "Pipeline",
      [
        "Evaluation", "Training", "DifferenceSampling", "LanguageModels", "Tokenizers", "Corpus",
        "CorpusStudy",
        "CorpusQuality", "TensorKit", "ModelPlaces", "Hub", "ScalingLaws", "LinearAlgebra", "Store",
        "Numerics",
      ]),
    // Comparisons of students at equal computation, by a recipe.
    library(
      "Experiments",
      [
        "Pipeline", "Training", "DifferenceSampling", "LanguageModels", "Tokenizers", "Corpus",
        "DemoCorpus", "Reports", "ScalingLaws", "TensorKit", "Store", "Numerics",
      ]),
    library("EngineInterface", []),
    // An engine in another process.
    library("EngineLink", ["EngineInterface", "CLocalSocket", "Store"]),
    library(
      "Engine",
      [
        "EngineInterface", "Pipeline", "Training", "DifferenceSampling", "LanguageModels",
        "Tokenizers", "Corpus", "CorpusStudy", "CorpusQuality", "ScalingLaws", "DemoCorpus",
        "TensorKit",
        "Evaluation",
        "Reports", "Store", "Numerics",
      ]),

    // The screen: cells and curses know no models; screens know only events and commands.
    library(
      "TerminalUI", ["CCurses", "Store", "Numerics", .product(name: "TOMLKit", package: "TOMLKit")]
    ),
    library("Workbench", ["EngineInterface", "TerminalUI", "Store", "Numerics"]),

    .executableTarget(
      name: "miniplm",
      dependencies: [
        "Workbench", "TerminalUI", "Engine", "EngineInterface", "EngineLink", "Experiments",
        "Pipeline", "Evaluation", "Benchmarking", "Training", "DifferenceSampling",
        "LanguageModels",
        "Tokenizers", "Corpus",
        "CorpusStudy", "CorpusQuality",
        "TensorKit", "ModelPlaces", "Hub", "ScalingLaws", "Store", "Numerics", "CProcess",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swiftSettings),

    // Tests, one target a module.
    tests("StoreTests", ["Store", "Numerics"]),
    tests("LinearAlgebraTests", ["LinearAlgebra", "Numerics"]),
    tests("ReportsTests", ["Reports", "Store"]),
    tests("ScalingLawsTests", ["ScalingLaws", "Numerics"], resources: [.copy("Fixtures")]),
    tests("HubTests", ["Hub", "HubServer", "Store"]),
    tests("ModelPlacesTests", ["ModelPlaces"]),
    // A server that does as a test says.
    .target(name: "HubServer", path: "Tests/HubServer", swiftSettings: swiftSettings),
    // A corpus for tests of whole projects and experiments.
    .target(name: "TinyCorpus", path: "Tests/TinyCorpus", swiftSettings: swiftSettings),
    tests("TensorKitTests", ["TensorKit", "CKernels", "Numerics", "Store"]),
    tests("TokenizersTests", ["Tokenizers", "Store"], resources: [.copy("Fixtures")]),
    tests(
      "CorpusTests", ["Corpus", "Tokenizers", "Store", "Numerics", "DemoCorpus"],
      resources: [.copy("Fixtures")]),
    tests(
      "EvaluationTests", ["Evaluation", "Store", "Numerics"], resources: [.copy("Fixtures")]),
    tests("CorpusStudyTests", ["CorpusStudy", "Corpus", "Tokenizers", "Store", "Numerics"]),
    tests(
      "CorpusQualityTests", ["CorpusQuality", "DifferenceSampling", "Corpus", "Numerics"],
      resources: [.copy("Fixtures")]),
    tests(
      "LanguageModelsTests", ["LanguageModels", "TensorKit", "Numerics", "Store"],
      resources: [.copy("Fixtures")]),
    tests(
      "TrainingTests",
      ["Training", "LanguageModels", "TensorKit", "Corpus", "Tokenizers", "Store", "Numerics"],
      resources: [.copy("Fixtures")]),
    tests(
      "DifferenceSamplingTests",
      [
        "DifferenceSampling", "LanguageModels", "TensorKit", "Corpus", "Tokenizers", "Store",
        "Numerics",
      ]),
    tests(
      "BenchmarkingTests",
      ["Benchmarking", "LanguageModels", "DifferenceSampling", "TensorKit", "Numerics", "Store"]),
    tests("TerminalUITests", ["TerminalUI", "Numerics"]),
    tests(
      "WorkbenchTests", ["Workbench", "TerminalUI", "EngineInterface"], resources: [.copy("Golden")]
    ),
    tests("EngineLinkTests", ["EngineLink", "EngineInterface", "Store"]),
    tests(
      "EngineTests",
      [
        "Engine", "EngineInterface", "Evaluation", "Pipeline", "Training", "LanguageModels",
        "Tokenizers",
        "TensorKit", "Store", "Corpus", "DifferenceSampling", "Numerics", "TinyCorpus",
      ]),
    tests(
      "PipelineTests",
      [
        "Evaluation", "Pipeline", "Training", "DifferenceSampling", "LanguageModels", "Tokenizers",
        "TensorKit",
        "Corpus", "CorpusStudy", "CorpusQuality", "ScalingLaws", "Store", "Numerics",
      ], resources: [.copy("Fixtures")]),
    tests(
      "ExperimentsTests",
      [
        "Experiments", "ScalingLaws", "Pipeline", "Training", "DifferenceSampling",
        "LanguageModels", "Corpus",
        "TensorKit", "Store", "Numerics", "TinyCorpus",
      ]),
    // The program itself, run as a process.
    tests("CommandTests", ["miniplm", "HubServer"], resources: [.copy("Golden")]),
    tests("ArchitectureTests", []),
  ],
  cxxLanguageStandard: .cxx17
)
