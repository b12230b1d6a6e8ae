import Store
import TensorKit

/// Everything that is particular to a family of models: all that the rest of the module asks of it.
/// A value is the configuration of one model.
///
/// `Family` lists the types that conform.
protocol Architecture: Sendable, Equatable {
  associatedtype Shape: ModelShape

  static var family: Family { get }
  /// The family as people write it.
  static var name: String { get }

  // Configuration.
  var shape: Shape { get set }
  /// Reads config.json.
  init(_ fields: ConfigurationFields) throws(ModelError)
  /// A model of the family's usual proportions.
  init(_ sizes: ModelSizes) throws(ModelError)
  /// The keys of config.json.
  var json: [String: JSONValue] { get }
  /// What is worth knowing beside the sizes that every model has, line by line.
  var facts: [String] { get }
  /// The longest input that the model was made for; nil for one without a bound.
  var maximumPositions: Int? { get }
  /// What a person should know of the configuration, a sentence each without its end.
  var warnings: [String] { get }
  /// What one layer computes, in the order of a table.
  var operations: [LayerOperation] { get }
  /// Positions that a position sees in a layer's attention; nil for all before it.
  func window(ofLayer index: Int) -> Int?

  // Parameters and layers.
  /// How stored names differ from those of the table.
  static var weightNames: WeightNames { get }
  /// The same for files of llama.cpp.
  static var gguf: GGUFConventions { get }
  /// Row of the embedding that learns nothing from lookups: torch's padding_idx.
  var paddingToken: Int? { get }
  /// Appends every parameter to `table`.
  func makeLayers(_ table: inout ParameterTable) -> any LayerStack
  /// How the values of a tensor start.
  func initialValue(of entry: ParameterTable.Entry, style: MambaInitialization) -> InitialValue

  // Memory.
  /// Columns of the widest operands, which the residual stream keeps.
  func operandWidths(_ purpose: WorkspacePurpose) -> OperandWidths
  /// Reserves what a pass keeps beside the residual stream.
  func makeActivations(
    _ room: ActivationRoom, stream: ResidualStream, plan: inout BufferPlan
  ) -> any LayerActivations
  /// Bytes of temporary memory that the layers' operations take at most.
  func scratchBytes(_ offsets: SequenceOffsets, _ purpose: WorkspacePurpose, _ compute: Compute)
    -> Int
  /// Reserves what is kept of sequences that are continued.
  func makeCache(sequences: Int, capacity: Int, plan: inout BufferPlan) -> any LayerCache
  /// Bytes that a pass over branches takes beside its workspace.
  func branchBytes(_ offsets: BranchOffsets, _ compute: Compute) -> Int
  /// Whether what two texts begin with is the same computation in both.
  var sharesBeginnings: Bool { get }
}

/// Sizes that every model has.
protocol ModelShape: Sendable, Equatable {
  var vocabularySize: Int { get set }
  var hiddenSize: Int { get }
  var layerCount: Int { get }
  var tiesWordEmbeddings: Bool { get set }
  var specialTokens: SpecialTokenIDs { get }
}

/// How the names in files of a family differ.
struct WeightNames {
  /// What the names of a causal model begin with, and those of a base model lack.
  let prefix: String
  /// The table's name of a tensor that some files call otherwise.
  var aliases: [String: String] = [:]
}

/// Columns of what products read in reduced precision.
struct OperandWidths {
  /// Of the widest of all, those in slots of their own included.
  let widest: Int
  /// Of the widest result of a block.
  let result: Int
  /// Of the widest gradient.
  let gradient: Int
}

/// What activations are reserved for.
struct ActivationRoom {
  let tokens: Int
  let sequences: Int
  /// What products read their inputs in.
  let precision: Precision
  let purpose: WorkspacePurpose
}

extension Architecture {
  var paddingToken: Int? { nil }
  var sharesBeginnings: Bool { true }
  var warnings: [String] { [] }

  /// Whether `other` is the same model; one of another family never is.
  func equals(_ other: any Architecture) -> Bool { other as? Self == self }

  mutating func setVocabulary(_ size: Int) { shape.vocabularySize = size }
  mutating func untieEmbeddings() { shape.tiesWordEmbeddings = false }
}

extension Architecture {
  var maximumPositions: Int? { nil }

  func window(ofLayer index: Int) -> Int? { nil }
}

extension Architecture where Shape == TransformerShape {
  var maximumPositions: Int? { shape.maximumPositions }

  func window(ofLayer index: Int) -> Int? { shape.window(ofLayer: index) }
}
