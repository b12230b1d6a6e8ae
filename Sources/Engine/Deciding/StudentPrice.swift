import EngineInterface
import LanguageModels
import TensorKit
import Training

/// What one student of the project takes to learn so many chunks.
struct StudentPrice: Sendable {
  private let settings: ProjectSettings
  private let student: ModelOperations
  /// Computes beside the student; nil where it has no teacher.
  private let teacher: ModelOperations?
  private let speed: StudentSpeed?
  private let meanInputs: Double

  /// - Parameter memory: knows the shapes; nil while that of the student, or of its teacher, is not
  ///   known.
  init?(_ memory: ProjectMemory, tokens: Int, chunks: Int) {
    guard let shape = memory.student else { return nil }
    settings = memory.settings
    student = ModelOperations(shape)
    if settings.student.teaching == nil {
      teacher = nil
    } else {
      guard let shape = memory.configuration("teacher", settings.teacher) else { return nil }
      teacher = ModelOperations(shape)
    }
    meanInputs = Self.inputs(tokens: tokens, chunks: chunks)
    let length = max(1, Int(meanInputs.rounded()))
    let perToken = Self.operations(student, teacher, tokens: Double(length), length: length)
    speed = StudentSpeed(memory, operationsPerToken: perToken / Double(length))
  }

  /// Mean input tokens of a chunk: its last token is only predicted.
  private static func inputs(tokens: Int, chunks: Int) -> Double {
    chunks == 0 ? 0 : max(0, Double(tokens) / Double(chunks) - 1)
  }

  private static func operations(
    _ student: ModelOperations, _ teacher: ModelOperations?, tokens: Double, length: Int
  ) -> Double {
    var account = ComputeAccount()
    account.add(.studentTraining, student, tokens: tokens, length: length)
    if let teacher { account.add(.teacherDistillation, teacher, tokens: tokens, length: length) }
    return account.total
  }

  /// The price of so many chunks with so many tokens in all.
  func price(chunks: Int, tokens: Int) -> TrainingPrice {
    let plan = settings.student.training
    let steps = plan.configuration(chunks: chunks, endOfText: 0, in: settings, precision: .f32)
      .steps
    let read = Double(steps) * Double(plan.chunksPerStep)
    let inputs = Self.inputs(tokens: tokens, chunks: chunks)
    let length = max(1, Int(inputs.rounded()))
    return TrainingPrice(
      steps: steps, epochs: chunks == 0 ? 0 : read / Double(chunks), tokens: read * inputs,
      operations: Self.operations(student, teacher, tokens: read * inputs, length: length),
      seconds: speed.map { read * inputs / $0.tokensPerSecond }, speed: speed?.source ?? "")
  }

  /// Whether the student trains as many steps on any selection.
  var hasFixedSteps: Bool { settings.student.training.steps != nil }

  /// Whether so much training is within an amount; nil where no speed is known.
  func fits(_ price: TrainingPrice, _ amount: TrainingAmount) -> Bool? {
    switch amount {
    case .tokens(let most): price.tokens <= most
    case .operations(let most): price.operations <= most
    case .seconds(let most): price.seconds.map { $0 <= most }
    }
  }
}
