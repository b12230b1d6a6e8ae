import Numerics
public import Store

/// What can go wrong between this machine and the hub.
public enum HubError: ActionableError, Equatable {
  // What a person gave.
  case name(found: String)
  case endpoint(found: String)
  case token(place: String)
  case offline
  /// A file has to be named; `choices` are those that would do.
  case choose(repository: String, found: String, choices: [String])

  // What the hub has not.
  case noRepository(name: String, endpoint: String, hasToken: Bool)
  case noRevision(name: String, revision: String)
  case noFile(name: String, file: String, others: [String])
  case denied(name: String, endpoint: String, hasToken: Bool, words: String)
  /// Weights that are not read, or none.
  case unusable(name: String, found: String, advice: String)

  // What the hub says and nobody can use.
  case listing(found: String, expected: String)
  case unsafeName(file: String)
  case content(file: String, found: String, expected: String)

  // What happens on the way.
  case network(host: String, words: String, advice: String)
  case answer(host: String, status: Int, words: String)
  case redirect(found: String)
  case busy(host: String, seconds: Double)
  case space(path: String, needed: Int, free: Int)
  case store(StoreError)
  case stopped

  public var message: String {
    switch self {
    case .name(let found): "\"\(found)\" is no name of a model, expected OWNER/NAME[:FILE]."
    case .endpoint(let found): "HF_ENDPOINT is \"\(found)\", expected http://HOST or https://HOST."
    case .token(let place):
      "The token of \(place) holds spaces, line ends or other characters than a token has."
    case .offline: "HF_HUB_OFFLINE is set, so nothing is fetched."
    case .choose(let repository, let found, _): "\(repository) holds \(found)."
    case .noRepository(let name, let endpoint, _): "\(endpoint) knows no model \(name)."
    case .noRevision(let name, let revision): "\(name) has no revision \(revision)."
    case .noFile(let name, let file, _): "\(name) has no file \(file)."
    case .denied(let name, _, let hasToken, let words):
      "\(name) may not be read \(hasToken ? "with this token" : "without a token"): \(words)."
    case .unusable(let name, let found, _): "\(name) holds \(found)."
    case .listing(let found, let expected):
      "The hub's answer cannot be used: found \(found), expected \(expected)."
    case .unsafeName(let file):
      "The hub lists a file \"\(file)\", whose name leads out of the model's folder; nothing was fetched."
    case .content(let file, let found, let expected):
      "\(file) came with \(found), expected \(expected); it was thrown away."
    case .network(let host, let words, _): "\(host) cannot be reached: \(words)."
    case .answer(let host, let status, let words): "\(host) answers \(status): \(words)."
    case .redirect(let found): "The hub's answer leads elsewhere: \(found)."
    case .busy(let host, let seconds):
      "\(host) asks to wait for \(Number.duration(seconds)) (429, too many requests)."
    case .space(let path, let needed, let free):
      "\(path) has \(Number.bytes(free)) free, and \(Number.bytes(needed)) are still to come."
    case .store(let error): error.message
    case .stopped: "Stopped on request."
    }
  }

  public var hint: String {
    switch self {
    case .name: "Copy it from the title of the model's page."
    case .endpoint: "Correct it, or unset it for https://huggingface.co."
    case .token: "Write the token alone there, as https://huggingface.co/settings/tokens shows it."
    case .offline: "Unset it, or give a model that is on the disk ('miniplm models' lists them)."
    case .choose(let repository, _, let choices):
      choices.isEmpty
        ? "Name a file: miniplm pull \(repository):FILE."
        : "Name one: "
          + choices.prefix(12).map { "miniplm pull \(repository):\($0)" }.joined(separator: "; ")
          + "."
    case .noRepository(_, let endpoint, let hasToken):
      "Check the spelling"
        + (hasToken
          ? ", and that the token may read it if it is private."
          : "; a private one needs a token of \(endpoint)/settings/tokens in HF_TOKEN.")
    case .noRevision: "Leave out --revision for the newest, or name a branch, a tag or a commit."
    case .noFile(_, _, let others):
      others.isEmpty
        ? "Leave the file out to get what the model needs."
        : "It has " + others.prefix(12).joined(separator: ", ")
          + (others.count > 12 ? " and \(others.count - 12) more." : ".")
    case .denied(let name, let endpoint, let hasToken, _):
      hasToken
        ? "Open \(endpoint)/\(name) in a browser, accept its conditions with the account of the token, "
          + "and see that the token may read it (\(endpoint)/settings/tokens)."
        : "Open \(endpoint)/\(name) in a browser, accept its conditions, make a token at "
          + "\(endpoint)/settings/tokens, and run: HF_TOKEN=hf_... miniplm pull \(name)"
    case .unusable(_, _, let advice): advice
    case .listing: "Check that HF_ENDPOINT is a hub's address, and that no proxy answers instead."
    case .unsafeName: "Do not use this server: no hub has such names."
    case .content: "Run the same command again; if it stays so, the server's copy is damaged."
    case .network(_, _, let advice): advice
    case .answer: "Run the same command again later; what has come is kept."
    case .redirect: "Check HF_ENDPOINT, and that no proxy answers instead."
    case .busy:
      "Run the same command again then; what has come is kept. A token allows more requests."
    case .space:
      "Free some disk space, or name another disk with -o or HF_HUB_CACHE; then run the same command "
        + "again."
    case .store(let error): error.hint
    case .stopped: "The same command goes on from here."
    }
  }
}
