import Corpus
import Pipeline
import Store
import Testing

@Suite struct SplitTests {
  private let inputs: TextInputs
  private let shards: TokenShards

  init() throws {
    inputs = try TextInputs()
    shards = try inputs.pack([inputs.documents(count: 120)], inputs.tokenizer())
  }

  private func split(
    _ amount: Split.Amount, _ rule: ReserveRule, _ watcher: Watcher = Watcher()
  ) throws -> ReserveRecord {
    try Split(
      shards: inputs.path("shards"), reference: inputs.path("reference"),
      rest: inputs.path("rest"), Split.Settings(amount: amount, rule: rule, threads: 2)
    ).run(watcher.work)
  }

  @Test(arguments: [ReserveRule.tail, .random(seed: 3)])
  func bothSidesAreWritten(rule: ReserveRule) throws {
    let watcher = Watcher()
    let record = try split(.share(0.25), rule, watcher)
    #expect(record.wantedTokens == Int((0.25 * Double(shards.tokenCount)).rounded()))
    #expect(try ReserveRecord(path: inputs.path("rest")) == record)
    let sides = try ["reference", "rest"].map { try TokenShards(folder: inputs.path($0)) }
    #expect(sides.map(\.count) == [record.reservedChunks, record.restChunks])
    #expect(record.reservedChunks + record.restChunks + record.leftOutChunks == shards.count)
    #expect(!watcher.progress.isEmpty)
  }

  @Test func aShareIsSoManyTokens() throws {
    let byShare = try split(.share(0.5), .tail)
    for name in ["reference", "rest"] { try Folder.remove(inputs.path(name)) }
    #expect(try split(.tokens(byShare.wantedTokens), .tail) == byShare)
  }

  @Test(arguments: [ReserveRule.tail, .random(seed: 3)])
  func aStopLeavesNothing(rule: ReserveRule) throws {
    let before = try Folder.list(inputs.root)
    #expect(throws: WorkStopped()) { try split(.share(0.25), rule, Watcher { _ in true }) }
    #expect(try Folder.list(inputs.root) == before)
  }

  @Test func sizesThatCannotBeAreRefused() {
    #expect(throws: CorpusError.self) { try split(.tokens(0), .tail) }
    #expect(throws: CorpusError.self) { try split(.share(1), .tail) }
  }
}
