public import Corpus
public import Store

/// What can go wrong while the demo's corpus is gathered.
public enum DemoCorpusError: ActionableError, Equatable {
  /// Fewer than three kinds of text are there.
  case tooFewKinds(found: [String], problems: [String], packages: [String])
  /// A setting has no sense.
  case setting(name: String, found: String, expected: String)
  /// The target folder holds something else.
  case occupied(folder: String, found: String)
  /// The caller asked to stop.
  case cancelled
  /// Reading or writing text failed.
  case corpus(CorpusError)
  /// A file operation failed.
  case store(StoreError)

  public var message: String {
    switch self {
    case .tooFewKinds(let found, let problems, _):
      "The demo needs \(DemoCorpus.fewestKinds) kinds of text and found "
        + "\(found.isEmpty ? "none" : found.joined(separator: ", ")): "
        + problems.joined(separator: " ")
    case .setting(let name, let found, let expected): "\(name) is \(found), expected \(expected)."
    case .occupied(let folder, let found): "\(folder) exists already and holds \(found)."
    case .cancelled: "Stopped."
    case .corpus(let error): error.message
    case .store(let error): error.message
    }
  }

  public var hint: String {
    switch self {
    case .tooFewKinds(_, _, let packages):
      "Install the text: apt-get install --no-install-recommends \(packages.joined(separator: " "))"
    case .setting: "Change the setting."
    case .occupied: "Choose another folder, or remove this one."
    case .cancelled: "Run the same command again to go on."
    case .corpus(let error): error.hint
    case .store(let error): error.hint
    }
  }
}

/// Runs a file operation, turning its error into the module's own.
func storing<Result: ~Copyable>(
  _ body: () throws(StoreError) -> Result
) throws(DemoCorpusError) -> Result {
  do throws(StoreError) {
    return try body()
  } catch {
    throw .store(error)
  }
}

/// Reads or writes text, turning the error into the module's own.
func reading<Result: ~Copyable>(
  _ body: () throws(CorpusError) -> Result
) throws(DemoCorpusError) -> Result {
  do throws(CorpusError) {
    return try body()
  } catch {
    throw .corpus(error)
  }
}
