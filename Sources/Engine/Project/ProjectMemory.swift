import Corpus
import DifferenceSampling
import LanguageModels
import Store
import TensorKit
import Training

/// What the models of a project take in memory, planned as their stages plan it.
struct ProjectMemory {
  let folder: ProjectFolder
  let settings: ProjectSettings
  let compute: Ops

  /// The shape of a role's model: of its folder, else of the plan it will be trained by.
  func configuration(_ role: String, _ origin: ModelOrigin) -> ModelConfiguration? {
    let model = ModelFolder(folder.modelFolder(role, origin))
    if model.isPresent { return try? model.configuration() }
    guard case .trained(let plan) = origin else { return nil }
    return try? plan.shape.configuration(vocabularySize: vocabularySize, endOfText: 0)
  }

  /// The shape of both students.
  var student: ModelConfiguration? {
    try? settings.student.shape.configuration(vocabularySize: vocabularySize, endOfText: 0)
  }

  /// Teacher and reference as they score; nil while a shape is unknown.
  ///
  /// What does not fit is planned with the smallest batch: what would be missing is then seen.
  func scoring(in precision: Precision) -> ScoringMemory? {
    guard let teacher = configuration("teacher", settings.teacher),
      let reference = configuration("reference", settings.reference)
    else { return nil }
    var job = ScoringSettings(
      endOfText: 0, maximumPositions: settings.chunkTokens - 1, precision: precision)
    let chosen = try? ScoringMemory.plan(
      teacher: teacher, reference: reference, settings: job,
      tokensPerBatch: ScoringJob.recordedTokensPerBatch(folder: folder.scores), compute: compute)
    if let chosen { return chosen }
    job.tokensPerBatch = job.maximumPositions
    job.passes = .onePassEach
    return ScoringMemory(teacher: teacher, reference: reference, settings: job, compute: compute)
  }

  /// The students, one of them or both in turn, with the teacher that they may have beside them.
  func students(_ shape: ModelConfiguration, count: Int) -> TrainingMemory {
    let teacher = settings.student.teaching.flatMap { teaching in
      configuration("teacher", settings.teacher).map {
        PlannedTeacher.model($0, teaching.precision ?? .f32)
      }
    }
    return training(shape, settings.student.training, students: count, teacher: teacher)
  }

  /// A run, or two in turn, of a model by its plan.
  func training(
    _ model: ModelConfiguration, _ plan: TrainingPlan, students: Int = 1,
    teacher: PlannedTeacher? = nil
  ) -> TrainingMemory {
    TrainingMemory(
      model: model,
      training: plan.configuration(
        chunks: 1, endOfText: 0, in: settings, precision: precisions.training),
      students: students, teacher: teacher, compute: compute)
  }

  private var precisions: ProjectPrecisions {
    ProjectPrecisions(folder: folder, settings: settings, capability: compute.capability)
  }

  private var vocabularySize: Int {
    if let packed = try? Parts.manifest(.scored, folder).vocabularySize { return packed }
    return settings.plannedVocabularySize
  }
}
