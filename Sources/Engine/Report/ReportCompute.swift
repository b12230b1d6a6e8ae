import Corpus
import DifferenceSampling
import LanguageModels
import Numerics
import Reports
import Store
import Training

/// What the project has computed so far, in floating-point operations.
extension ProjectReport {
  /// One entry for every piece of work that is done, with its name.
  func computeAccount() -> (account: ComputeAccount, names: [String]) {
    var account = ComputeAccount()
    var names: [String] = []
    func add(
      _ name: String, _ task: ComputeAccount.Task, _ configuration: ModelConfiguration?,
      tokens: Int?
    ) {
      guard let configuration, let tokens, tokens > 0 else { return }
      account.add(
        task, ModelOperations(configuration), tokens: Double(tokens),
        length: max(1, settings.chunkTokens - 1))
      names.append(name)
    }
    let roles: [(String, ModelOrigin, ComputeAccount.Task, ComputeAccount.Task)] = [
      ("teacher", settings.teacher, .teacherTraining, .teacherScoring),
      ("reference", settings.reference, .referenceTraining, .referenceScoring),
    ]
    let configurations = roles.map { role, origin, _, _ in
      let shape: ModelShape? = if case .trained(let plan) = origin { plan.shape } else { nil }
      return configuration(of: ModelFolder(folder.modelFolder(role, origin)), shape: shape)
    }
    for (role, configuration) in zip(roles, configurations) {
      guard case .trained = role.1 else { continue }
      add(
        "train the \(role.0)", role.2, configuration,
        tokens: run(folder.run(role.0))?.last?.tokensSeen)
    }
    for (role, configuration) in zip(roles, configurations) {
      add("score with the \(role.0)", role.3, configuration, tokens: scoredInputs)
    }
    if let commit {
      for (name, model, run) in [
        ("train student A uniform", commit.modelA, commit.runA),
        ("train student B refined", commit.modelB, commit.runB),
      ] {
        add(
          name, .studentTraining,
          configuration(of: ModelFolder(model), shape: settings.student.shape),
          tokens: self.run(run)?.last?.tokensSeen)
        guard settings.student.teaching != nil else { continue }
        add(
          "teach \(name.dropFirst("train ".count))", .teacherDistillation, configurations[0],
          tokens: self.run(run)?.last?.tokensSeen)
      }
    }
    return (account, names)
  }

  func computeSections() -> [ReportSection] {
    let (account, names) = computeAccount()
    if account.entries.isEmpty { return [] }
    let total = account.total
    var rows = zip(names, account.entries).map { name, entry -> [ReportTable.Cell] in
      [
        .text(name), .count(entry.parameters), .count(Int(entry.tokens)),
        .significant(entry.operations, 3), .percent(total > 0 ? entry.operations / total : nil),
        .significant(entry.approximation, 3),
      ]
    }
    let none = ReportTable.Cell(shown: "", exact: "")
    rows.append([
      .text("all"), none, none, .significant(total, 3), .percent(1),
      .significant(account.approximateTotal, 3),
    ])
    return [
      ReportSection(
        "Computation",
        [
          .paragraph(
            "Floating-point operations, counted from the layers: a multiplication and an addition "
              + "each, attention at the full length of a chunk, training three times its forward "
              + "pass. Beside them the usual approximation, 6 N D of a training and 2 N D of a pass. "
              + "What a model from elsewhere took to train is not known here."),
          .table(
            ReportTable(
              ["work", "parameters", "tokens", "FLOPs", "share", "by 6 N D, 2 N D"], rows),
            file: "computation.csv"),
        ])
    ]
  }

  /// Input tokens of all scored chunks; nil before the scores are whole.
  private var scoredInputs: Int? {
    guard Folder.exists(folder.scores + "/" + ChunkScoresFile.name),
      let text = manifest(.scored)
    else { return nil }
    return max(0, text.tokens - text.chunks)
  }
}
