import Foundation
public import Pipeline
import Store
public import TensorKit

/// Runs an experiment part by part, each done when its result stands in the folder: stopped or killed,
/// the same experiment goes on from there, and comes to the same bytes.
public struct Experiment {
  private let recipe: ExperimentRecipe
  /// The recipe as it was given.
  private let source: Data
  private let folder: ExperimentFolder
  private let compute: Ops
  private let settings: Settings

  /// How it is run; nothing of it changes a result.
  public struct Settings: Sendable {
    /// Program and version, for manifests.
    public var program: String
    /// Checks before scoring that may fail.
    public var waivers: [CheckWaiver]
    /// Seconds after which it stops at a safe point; nil: at its end.
    public var timeLimit: Double?
    /// Seconds for which the speed of each model is measured, for the time to go.
    public var measuring: Double
    /// Students to be trained now: those whose name holds one of these; empty: all. Shares of the
    /// scoring stay those of the whole recipe.
    public var only: [String]

    public init(
      program: String, waivers: [CheckWaiver] = [], timeLimit: Double? = nil,
      measuring: Double = 0.5, only: [String] = []
    ) {
      self.program = program
      self.waivers = waivers
      self.timeLimit = timeLimit
      self.measuring = measuring
      self.only = only
    }
  }

  /// - Parameter seeds: in place of those of the recipe.
  /// - Throws: as reading a recipe; `PipelineError.setting` for students that it has not.
  public init(
    recipe path: String, in folder: ExperimentFolder, seeds: [UInt64]? = nil, _ settings: Settings,
    compute: Ops
  ) throws {
    let given = try FileContents.read(path)
    source =
      try seeds.map { try ExperimentRecipe.replacing(seeds: $0, in: given, path: path) } ?? given
    recipe = try ExperimentRecipe(json: Array(source), path: path)
    try RecipeInputs(recipe, path: path).require()
    try Self.check(settings.only, recipe)
    self.folder = folder
    self.settings = settings
    self.compute = compute
  }

  /// Does what is not done yet.
  ///
  /// - Returns: the folder of the report.
  /// - Throws: `ExperimentError`, the errors of the verbs; `WorkStopped` with everything finished on
  ///   disk.
  public func run(_ work: Work) throws -> String {
    let output = try OutputPath(folder: folder.path)
    let folder = ExperimentFolder(output.path)
    let progress = ExperimentProgress(work, timeLimit: settings.timeLimit)
    try Folder.make(folder.path)
    let lock = try FolderLock(folder: folder.path)
    defer { lock.release() }
    try TemporaryName.removeLeftovers(below: folder.path)
    try keepRecipe(in: folder, output)
    let first = try ExperimentFacts(recipe, folder)
    let speeds = try MachineSpeeds(
      recipe, first, seconds: settings.measuring, compute: compute, work)
    var plan = try ExperimentPlan(recipe, in: folder, first, speeds)
    let runner = PartRunner(recipe: recipe, folder: folder, settings: settings, compute: compute)
    while let next = try plan.parts.first(where: { try isWanted($0) && !plan.isDone($0) }) {
      try progress.begin(next, of: plan)
      do {
        let line = try runner.run(next.kind, progress.work(for: next))
        progress.end(next, line)
      } catch is WorkStopped {
        progress.stopped(plan)
        throw WorkStopped()
      }
      guard try plan.isDone(next) else {
        throw ExperimentError.missing(
          part: "what follows", needs: next.name, path: folder.path)
      }
      // Once the corpus is packed, steps and times are no guesses any more.
      plan = try ExperimentPlan(recipe, in: folder, ExperimentFacts(recipe, folder), speeds)
    }
    return folder.report
  }

  private func isWanted(_ part: ExperimentPart) -> Bool {
    guard case .student(let student) = part.kind else { return true }
    return settings.only.isEmpty || settings.only.contains { student.name.contains($0) }
  }

  private static func check(
    _ only: [String], _ recipe: ExperimentRecipe
  ) throws(PipelineError) {
    let names = recipe.students.map(\.name)
    for text in only where !names.contains(where: { $0.contains(text) }) {
      throw .setting(
        name: "only", found: "\(text)", expected: "a part of a student's name, as \(names[0])")
    }
  }

  /// The folder belongs to one recipe.
  private func keepRecipe(in folder: ExperimentFolder, _ output: OutputPath) throws {
    guard Folder.exists(folder.recipe) else {
      try output.requireFree()
      return try AtomicFile.write(source, to: folder.recipe)
    }
    let earlier = try ExperimentRecipe(file: folder.recipe)
    guard earlier != recipe else { return }
    let (there, here) = try JSONDifference.words(
      JSONFile.read(JSONValue.self, from: folder.recipe),
      JSONDecoder().decode(JSONValue.self, from: source))
    throw ExperimentError.otherRecipe(folder: folder.path, found: there, expected: here)
  }
}
