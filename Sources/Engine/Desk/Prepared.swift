import CorpusStudy
import DifferenceSampling
import EngineInterface

/// What came out of work that was done away from the desk.
enum Prepared: Sendable {
  case corpus(OpenedCorpus)
  case listing(ChunkListing)
  case labels(DocumentLabels)
  case labelReport([SelectionSnapshot.Label])
  case rows(ChunkWindow)
  case models(ModelFacts)
  case modelList(ModelListSnapshot)
  case training(TrainingSnapshot)
  case comparison(ComparisonSnapshot)
  case plan(CommitSnapshot)
  case price(SelectionPrice)
  case decision(DecisionAnswer)
  case evaluation(EvaluationTable)
  case taskItems(TaskItemRows)
  /// Why there is nothing.
  case failed(Preparations.Kind, String)
}
