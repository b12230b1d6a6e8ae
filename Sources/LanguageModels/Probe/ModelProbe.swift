import Store
public import TensorKit

/// Runs a model on given tokens and writes every number that another implementation can be compared
/// with: logits, log-probabilities, losses, gradients, and the losses of a few optimiser steps.
public enum ModelProbe {
  /// What to run and where to write.
  public struct Request: Sendable {
    /// A folder of transformers.
    public var modelFolder: String
    /// safetensors with `tokens` (I32), optionally `offsets` (I32, first token of each chunk, then
    /// their number) and `end_of_text` (I32 [1]; targets after it are not counted).
    public var tokensFile: String
    /// safetensors to write.
    public var outputFile: String
    /// Whether to write `grad.<name>` of the mean over chunks of their mean losses.
    public var writesGradients: Bool
    /// Optimiser steps on the same batch; 0 for none.
    public var steps: Int
    public var optimiser: ProbeOptimiser
    /// A folder to save the model to, as it was read.
    public var saveFolder: String?
    public var saveType: WeightType
    /// Of products; gradients and steps need one that trains.
    public var precision: Precision

    public init(
      modelFolder: String, tokensFile: String, outputFile: String, writesGradients: Bool = false,
      steps: Int = 0, optimiser: ProbeOptimiser = ProbeOptimiser(), saveFolder: String? = nil,
      saveType: WeightType = .float32, precision: Precision = .f32
    ) {
      self.modelFolder = modelFolder
      self.tokensFile = tokensFile
      self.outputFile = outputFile
      self.writesGradients = writesGradients
      self.steps = steps
      self.optimiser = optimiser
      self.saveFolder = saveFolder
      self.saveType = saveType
      self.precision = precision
    }
  }

  /// What a caller prints.
  public struct Summary: Sendable, Codable {
    public var modelType: String
    public var parameterCount: Int
    public var tokenCount: Int
    /// Mean over chunks of each chunk's mean.
    public var loss: Double
    /// Loss before each optimiser step.
    public var losses: [Double]
    /// Names of the tensors written.
    public var tensors: [String]
  }

  /// Logits are written up to this many values.
  static let maximumLogits = 1 << 24

  /// Runs `request`.
  ///
  /// - Parameter checkpoint: called where it may stop, by throwing; the output is written at the end.
  @discardableResult
  public static func run(
    _ request: Request, compute: Compute, checkpoint: () throws -> Void = {}
  ) throws -> Summary {
    let trains = request.writesGradients || request.steps > 0
    let purpose: WorkspacePurpose = trains ? .training : .scoring
    let model = try LanguageModel.load(
      folder: request.modelFolder, precision: request.precision, purpose: purpose,
      compute: compute)
    try checkpoint()
    if let folder = request.saveFolder {
      try model.save(to: folder, tokenizerFolder: request.modelFolder, dtype: request.saveType)
    }
    let tokens = try ProbeTokens(
      path: request.tokensFile, vocabularySize: model.configuration.vocabularySize)
    let chunkMean = tokens.batch(.chunkMean(chunks: tokens.scoredChunks))
    let tokenMean = tokens.batch(.tokenMean(countedTargets: tokens.countedTargets))
    let workspace = try Workspace(
      for: model, maximumTokens: chunkMean.tokenCount, maximumSequences: chunkMean.sequenceCount,
      purpose: purpose)

    var output = ProbeOutput()
    let logProbabilities = try model.logProbabilities(chunkMean, workspace: workspace)
    let nll = logProbabilities.map { 0 - $0 }
    let loss = chunkMean.loss(of: nll)
    output.append("log_probs", logProbabilities)
    output.append("loss", [Float(loss)])
    output.append("loss_token_mean", [Float(tokenMean.loss(of: nll))])
    let vocabularySize = model.configuration.vocabularySize
    if chunkMean.tokenCount * vocabularySize <= maximumLogits {
      output.append(
        "logits", try model.logits(chunkMean, workspace: workspace),
        shape: [chunkMean.tokenCount, vocabularySize])
    }
    if request.writesGradients {
      _ = try model.lossAndGradients(chunkMean, workspace: workspace)
      for entry in model.parameters.table.entries where entry.tiedTo == nil {
        let values = try model.parameters.copy(of: entry.name, .gradients)
        output.append("grad." + entry.name, values ?? [], shape: entry.shape)
      }
    }
    try checkpoint()
    let losses = try request.optimiser.run(
      model, chunkMean, workspace: workspace, steps: request.steps, checkpoint: checkpoint)
    if !losses.isEmpty { output.append("losses", losses.map { Float($0) }) }
    try output.write(to: request.outputFile)
    return Summary(
      modelType: model.configuration.modelType,
      parameterCount: model.parameters.table.parameterCount, tokenCount: chunkMean.tokenCount,
      loss: loss, losses: losses, tensors: output.names)
  }
}

/// The chunks of a probe's tokens file.
private struct ProbeTokens {
  let windows: [ChunkWindow]

  init(path: String, vocabularySize: Int) throws {
    let file = try SafetensorsFile(path: path)
    let tokens = try file.values(of: "tokens", as: Int32.self)
    let offsets =
      file["offsets"] == nil
      ? [0, tokens.count] : try file.values(of: "offsets", as: Int32.self).map(Int.init)
    let ascending = zip(offsets, offsets.dropFirst()).allSatisfy { $0 <= $1 }
    guard ascending, offsets.first == 0, offsets.last == tokens.count else {
      throw ModelError.batch(
        found: "offsets \(offsets.prefix(8)) for \(tokens.count) tokens",
        expected: "ascending offsets from 0 to the number of tokens")
    }
    let mask = LossMask(
      endOfText: file["end_of_text"] == nil
        ? nil : try file.values(of: "end_of_text", as: Int32.self).first)
    windows = try zip(offsets, offsets.dropFirst()).enumerated().map { number, range in
      try ChunkWindow(
        Array(tokens[range.0..<range.1]), number: number, mask: mask,
        vocabularySize: vocabularySize)
    }
  }

  var scoredChunks: Int { windows.count { $0.inputCount > 0 } }
  var countedTargets: Int { windows.reduce(0) { $0 + $1.countedTargets } }

  func batch(_ weighting: PackedBatch.Weighting) -> PackedBatch {
    PackedBatch(windows, weighting: weighting)
  }
}

/// Named f32 tensors on their way to a file.
private struct ProbeOutput {
  private var tensors: [(declaration: SafetensorsWriter.Declaration, values: [Float])] = []

  var names: [String] { tensors.map(\.declaration.name) }

  mutating func append(_ name: String, _ values: [Float], shape: [Int]? = nil) {
    tensors.append((.init(name: name, type: .f32, shape: shape ?? [values.count]), values))
  }

  func write(to path: String) throws(StoreError) {
    try Folder.make(Folder.parent(of: path))
    var writer = try SafetensorsWriter(replacing: path, tensors: tensors.map(\.declaration))
    do throws(StoreError) {
      for tensor in tensors { try writer.write(tensor.values) }
      try writer.commit()
    } catch {
      writer.discard()
      throw error
    }
  }
}
