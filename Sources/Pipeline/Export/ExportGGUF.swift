public import LanguageModels
import Numerics
import Store
public import TensorKit

/// Writes a model as one GGUF file with its tokenizer, which llama.cpp runs.
///
/// Room on the disk is looked at before; what was written is opened again as any reader would.
public struct ExportGGUF {
  /// What came out.
  public struct Result: Sendable, Equatable {
    public var path: String
    public var bytes: Int
    public var tensors: Int
    public var parameters: Int
    public var type: String
  }

  /// Where the tokenizer comes from.
  public enum TokenizerChoice: Sendable, Equatable {
    case models
    case folder(String)
    case leftOut
  }

  private let model: ModelFolder
  private let type: GGUFWeightType
  private let tokenizer: TokenizerChoice
  private let compute: Ops

  public init(
    _ model: ModelFolder, as type: GGUFWeightType, tokenizer: TokenizerChoice = .models,
    compute: Ops
  ) {
    self.model = model
    self.type = type
    self.tokenizer = tokenizer
    self.compute = compute
  }

  /// - Throws: `ModelError`, `TokenizerError`; `StoreError.occupied` where something stands, and
  ///   `StoreError.noRoom` before anything is written; `WorkStopped`, with nothing left behind.
  public func run(to output: String, _ work: Work) throws -> Result {
    let place = try OutputPath(file: output)
    let folder: String? =
      switch tokenizer {
      case .models: model.tokenizerFolder
      case .folder(let path): path
      case .leftOut: nil
      }
    let export = try GGUFExport(model, as: type, tokenizer: folder, name: model.name)
    for remark in export.remarks { work.note(remark, .warning) }
    let free = try DiskSpace.free(at: Folder.parent(of: place.path))
    guard export.byteCount < free else {
      throw StoreError.noRoom(path: place.path, needed: export.byteCount, free: free)
    }
    return try work.holding([.output(place.path)]) {
      var pace = Pace()
      try export.write(to: place.path, ops: compute) { done, all in
        try work.checkpoint()
        let share = Double(done) / Double(max(1, all))
        work.report(
          WorkProgress(
            share, secondsLeft: pace.secondsLeft(at: share),
            detail: "\(Number.bytes(done)) of \(Number.bytes(all))"))
      }
      let written = try ModelFolder(place.path).examine()
      return Result(
        path: place.path, bytes: export.byteCount, tensors: export.tensorCount,
        parameters: written.configuration.parameterCount, type: type.rawValue)
    }
  }
}
