import Numerics

/// A document of the demo with its labels.
struct DemoDocument: Equatable {
  let kind: TextKind
  /// Kind, file and number of the document in its file.
  let id: String
  var text: [UInt8]
  var planted = Damage.none
  /// Id of the document that this one is a copy of.
  var original: String?

  /// Fields of `meta`.
  var meta: [(key: String, value: String)] {
    var fields = [("pile_set_name", kind.rawValue), ("id", id), ("planted", planted.rawValue)]
    if let original { fields.append(("duplicate_of", original)) }
    return fields.map { (key: $0.0, value: $0.1) }
  }
}

/// Chooses documents and damages them.
struct DamagePlan {
  /// Share of the documents that is damaged.
  let share: Double

  /// Plants every kind of damage into equally many documents, spread over the kinds of text.
  func plant(in documents: inout [DemoDocument], random: inout RandomSource) {
    let kinds = Damage.planted
    let each = Int((Double(documents.count) * share / Double(kinds.count)).rounded())
    var labels = kinds.flatMap { Array(repeating: $0, count: each) }
    random.shuffle(&labels)
    let places = spread(documents, random: &random)
    let damaged = Set(places.prefix(labels.count))
    // A copy needs an original that is itself whole, and each original is copied once.
    var originals = places.filter { !damaged.contains($0) }
    for (place, label) in zip(places, labels) {
      if label == .duplicate {
        let kind = documents[place].kind
        guard
          let choice = originals.lastIndex(where: { documents[$0].kind == kind })
            ?? originals.indices.last
        else { continue }
        let original = documents[originals.remove(at: choice)]
        documents[place].text = original.text
        documents[place].original = original.id
      } else {
        documents[place].text = label.apply(to: documents[place].text, random: &random)
      }
      documents[place].planted = label
    }
  }

  /// All places in an order that takes the kinds of text in turn.
  private func spread(_ documents: [DemoDocument], random: inout RandomSource) -> [Int] {
    var queues = TextKind.allCases.map { kind in
      documents.indices.filter { documents[$0].kind == kind }
    }
    for index in queues.indices { random.shuffle(&queues[index]) }
    var places: [Int] = []
    for round in 0..<(queues.map(\.count).max() ?? 0) {
      for queue in queues where round < queue.count { places.append(queue[round]) }
    }
    return places
  }
}
