/// One record of an event file: a message `Event` of TensorBoard.
///
/// Source: event.proto, summary.proto and tensor.proto of TensorBoard 2.21, whose field numbers stand
/// here.
enum SummaryRecord {
  /// The first record of every file: from this version on a start says which steps are gone.
  case version
  /// A run begins, or goes on, behind `step`: what was written of later steps counts no more. Every
  /// file needs it, the first included, or some readers show none of a run that went on.
  case start(afterStep: Int, checkpoints: String)
  /// Numbers by their tags.
  case scalars(step: Int, [(tag: String, value: Float)])
  /// Texts by their tags.
  case texts(step: Int, [(tag: String, text: String)])

  /// - Parameter time: seconds since 1970.
  func bytes(time: Double) -> [UInt8] {
    var event = ProtobufFields()
    event.add(1, double: time)
    switch self {
    case .version:
      event.add(3, text: "brain.Event:2")
    case .start(let step, let checkpoints):
      event.add(2, integer: Int64(step) + 1)
      event.add(7) { session in
        session.add(1, integer: 1)
        session.add(2, text: checkpoints)
      }
    case .scalars(let step, let scalars):
      event.add(2, integer: Int64(step))
      event.add(5) { summary in
        for scalar in scalars {
          summary.add(1) { value in
            value.add(1, text: scalar.tag)
            value.add(2, float: scalar.value)
          }
        }
      }
    case .texts(let step, let texts):
      event.add(2, integer: Int64(step))
      event.add(5) { summary in
        for text in texts { summary.add(1) { Self.put(text.text, tag: text.tag, into: &$0) } }
      }
    }
    return event.bytes
  }

  /// A text is a tensor of strings that is marked as one of the plugin for texts.
  private static func put(_ text: String, tag: String, into value: inout ProtobufFields) {
    value.add(1, text: tag)
    value.add(8) { tensor in
      // DT_STRING, of shape [1].
      tensor.add(1, integer: 7)
      tensor.add(2) { shape in shape.add(2) { $0.add(1, integer: 1) } }
      tensor.add(8, text: text)
    }
    value.add(9) { metadata in metadata.add(1) { $0.add(1, text: "text") } }
  }
}
