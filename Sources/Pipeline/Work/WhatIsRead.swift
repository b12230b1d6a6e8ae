import Corpus

/// Where results may not go, since it is read.
enum WhatIsRead {
  /// The folder of shards; none where there are none, which opening them will say.
  static func shards(_ path: String) -> [(path: String, what: String)] {
    ShardLocation.folder(ofShards: path).map { [($0, "the shards")] } ?? []
  }
}
