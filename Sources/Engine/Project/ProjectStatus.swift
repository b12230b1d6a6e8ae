import Corpus
import DifferenceSampling
import EngineInterface
import LanguageModels
import Store

/// How far a project is, read from what stands in its folder: a stage is done when its result is
/// there, whole. Nothing else is remembered, so nothing can disagree with the files.
struct ProjectStatus {
  let folder: ProjectFolder
  let settings: ProjectSettings

  /// Whether the result of `stage` is there.
  func isDone(_ stage: Stage) -> Bool {
    switch stage {
    case .corpus:
      if settings.text.isDemo {
        Folder.exists(folder.corpus + "/manifest.json")
      } else {
        true
      }
    case .tokenizer:
      if case .trained = settings.tokenizer {
        Folder.exists(folder.tokenizer + "/tokenizer.json")
      } else {
        true
      }
    case .pack:
      parts.allSatisfy(isPacked)
    case .teacher: hasModel("teacher", settings.teacher)
    case .reference: hasModel("reference", settings.reference)
    case .score: Folder.exists(folder.scores + "/" + ChunkScoresFile.name)
    case .select: newestCommit != nil
    case .commit:
      newestCommit.map {
        Folder.exists(
          CommitFolder(project: folder, name: $0).uniform + "/" + CommitManifest.fileName)
      } ?? false
    case .train:
      newestCommit.map {
        let places = CommitFolder(project: folder, name: $0)
        return [places.modelA, places.modelB].allSatisfy { ModelFolder($0).isPresent }
          && ProjectFork.all(folder, commit: $0).allSatisfy(\.isDone)
      } ?? false
    case .compare:
      newestCommit.map {
        Folder.exists(
          CommitFolder(project: folder, name: $0).report + "/" + ComparisonRecord.fileName)
      } ?? false
    // Of tasks and models as they are chosen, not of the project.
    case .evaluate: false
    }
  }

  /// Whether the chunks of a part are there, whole.
  func isPacked(_ part: CorpusPart) -> Bool {
    Folder.exists(folder.shards(part) + "/" + CorpusManifest.fileName)
  }

  /// The first stage that is not done; nil when all are.
  var next: Stage? { Stage.allCases.first { !isDone($0) } }

  /// The last of the stages that lead one to the next: without held-out text there is nothing to compare students on.
  var last: Stage { parts.contains(.heldOut) ? .compare : .train }

  /// The parts of the corpus that the project has.
  var parts: [CorpusPart] {
    switch settings.text {
    case .demo, .demoForThisMachine: CorpusPart.allCases
    case .files(_, let reserve, let heldOut):
      [.scored] + (reserve.isEmpty ? [] : [.reserve]) + (heldOut.isEmpty ? [] : [.heldOut])
    }
  }

  /// The files of a part.
  func inputs(_ part: CorpusPart) -> [String] {
    switch settings.text {
    case .demo, .demoForThisMachine: [folder.corpus + "/" + DemoFiles.name(part)]
    case .files(let scored, let reserve, let heldOut):
      switch part {
      case .scored: scored
      case .reserve: reserve
      case .heldOut: heldOut
      }
    }
  }

  /// Names of the refined corpora, oldest first; none when the folder cannot be read. Reads no
  /// manifest: it is asked all the time.
  var commits: [String] { (try? CommitManifest.versions(commitsFolder: folder.commits)) ?? [] }

  /// The commit that students are trained on.
  var newestCommit: String? { commits.last }

  private func hasModel(_ role: String, _ origin: ModelOrigin) -> Bool {
    ModelFolder(folder.modelFolder(role, origin)).isPresent
  }
}
