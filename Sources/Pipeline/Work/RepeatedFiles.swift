public import Corpus
import Store

/// The same file under two names, or given twice.
public enum RepeatedFiles {
  /// Files that come more than once among inputs.
  public static func within(_ inputs: CorpusInputs) -> [String] {
    var seen: Set<String> = []
    return inputs.filePaths.filter { !seen.insert(OutputPath.canonical($0)).inserted }
  }

  /// Files of `inputs` that are among `others`, too; shards are known by their folder.
  public static func common(_ inputs: [String], _ others: [String]) throws -> [String] {
    let known = Set(try files(of: others).map(OutputPath.canonical))
    return try files(of: inputs).filter { known.contains(OutputPath.canonical($0)) }
  }

  private static func files(of inputs: [String]) throws -> [String] {
    if let shards = GivenShards(inputs) { return [shards.folder] }
    return try CorpusInputs(inputs).filePaths
  }
}
