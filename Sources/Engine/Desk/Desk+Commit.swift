import DifferenceSampling
import EngineInterface
import Store

/// The picture of a commit, before and after it is written.
extension Desk {
  /// Shows what a commit would write now, or what the newest one wrote.
  func showCommitPlan(written: Bool = false) throws {
    guard status.isDone(.score), let selection else { return }
    let earlier = status.commits
    // Made once: it reads the digest of every shard.
    let commits = try self.commits ?? Commits(folder, settings)
    self.commits = commits
    let commit = try commits.refined(selection.state.settings)
    let plan = try commit.plan()
    let summary = selection.selection.summary
    var snapshot = CommitSnapshot(
      state: .planned, name: plan.name, folder: plan.folder, ratio: selection.ratio,
      chunks: plan.chunks, tokens: plan.tokens, manualKept: summary.manualKeeps,
      manualDropped: summary.manualDrops,
      files: plan.files.map { CommitSnapshot.File(name: $0.name, bytes: $0.bytes, note: $0.note) },
      freeDisk: plan.freeBytes,
      card: plan.card.split(separator: "\n", omittingEmptySubsequences: false).map(String.init),
      earlier: earlier.map {
        CommitSnapshot.Earlier(
          name: $0.version,
          ratio: Double($0.all.keptChunks) / Double(max(1, $0.all.totalChunks)),
          chunks: $0.all.keptChunks)
      })
    if let last = earlier.last {
      let places = CommitFolder(project: folder, name: last.version)
      if written {
        snapshot.state = .written(places.refined)
        snapshot.folder = places.refined
      }
      let difference = try CommitDifference(first: places.refined, planned: commit)
      snapshot.shared = difference.all.both.chunks
      snapshot.added = difference.all.onlySecond.chunks
      snapshot.removed = difference.all.onlyFirst.chunks
    }
    publisher.showNow(.commit, .commit(snapshot))
  }
}
