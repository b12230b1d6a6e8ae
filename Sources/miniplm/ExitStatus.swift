import Benchmarking
import Corpus
import CorpusQuality
import CorpusStudy
import DifferenceSampling
import Engine
import EngineLink
import Evaluation
import Experiments
import Glibc
import Hub
import LanguageModels
import Pipeline
import Store
import Synchronization
import TerminalUI
import Tokenizers
import Training
import Workbench

/// A way to leave the program.
struct ExitStatus: Error {
  let code: Int32
  let text: String?

  /// The work was stopped on request; the same command goes on.
  static let stopped = stopped("Stopped. The same command goes on from here.")

  /// The work was stopped on request, and left nothing behind.
  static let stoppedWithoutResult = stopped("Stopped; nothing was written.")

  /// The work was stopped on request; `text` says what that left.
  static func stopped(_ text: String) -> ExitStatus { ExitStatus(code: 4, text: text) }

  /// A folder that holds no project where one is needed.
  static func noProject(_ folder: String) -> ExitStatus {
    ExitStatus(code: 2, text: "\(folder) holds no project.json; 'miniplm init' makes one.")
  }

  /// Ends the program without running the destructors of libraries: a job that is left to die may
  /// still compute on other threads, and would find its library taken apart. Of several threads that
  /// leave, the first one's code counts.
  static func leave(_ code: Int32) -> Never {
    while isLeaving.exchange(true, ordering: .acquiring) { pause() }
    quick_exit(code)
  }

  private static let isLeaving = Atomic(false)

  /// 3 for input that cannot be read or used, 2 for settings, 1 for everything else, a full disk among
  /// it.
  static func code(of error: any Error) -> Int32 {
    switch error {
    case StoreError.unusableOutput, CorpusError.store(.unusableOutput): 2
    case StoreError.locked, CorpusError.store(.locked): 1
    case let error as StoreError where error.isFailedWrite: 1
    case CorpusError.store(let error) where error.isFailedWrite: 1
    case ModelError.file(let error) where error.isFailedWrite: 1
    case TrainingError.halted: 4
    case TrainingError.noRun: 3
    case TrainingError.cannotFork: 2
    case PipelineError.otherSettings, EngineError.otherSettings, DifferenceSamplingError.otherJob,
      DifferenceSamplingError.otherInputs, DifferenceSamplingError.otherCorpus,
      TrainingError.configurationChanged, TrainingError.dataChanged,
      TrainingError.dataChangedMeanwhile:
      3
    case EngineError.setting, PipelineError.setting, PipelineError.foreignPrecision,
      TrainingError.invalidSetting, DifferenceSamplingError.invalidSetting,
      ModelError.precision, ModelError.processor, DifferenceSamplingError.emptySelection,
      CorpusError.setting, CorpusError.noSuchChunk, CorpusError.noSuchDocument,
      ThemeError.notFound, is CorpusStudyError, CorpusQualityError.emptyGroup,
      CorpusQualityError.setting, is TerminalError, is BenchmarkError:
      2
    case HubError.name, HubError.endpoint, HubError.token, HubError.offline, HubError.choose: 2
    case HubError.network, HubError.answer, HubError.busy, HubError.space, HubError.content: 1
    case is HubError: 3
    case PipelineError.checks(let rows): rows.contains { $0.check.kind == .input } ? 3 : 2
    case ExperimentError.otherRecipe, ExperimentError.recipe: 3
    case ExperimentError.budget: 2
    case is FitError: 3
    case EngineError.projectFile, is RecipeError, is ThemeError, ScriptError.unreadable: 3
    case is CorpusQualityError: 3
    case PipelineError.noDocuments, PipelineError.unknownKind, is StoreError, is CorpusError,
      is PromptsError, is TokenizerError, is ModelError, is EvaluationError, is TaskRequestError,
      is DistillationError:
      3
    case is EngineError, is DifferenceSamplingError, is TrainingError: 1
    default: 1
    }
  }
}
