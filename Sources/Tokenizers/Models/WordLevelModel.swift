/// A model whose vocabulary holds whole words.
struct WordLevelModel: Sendable {
  private let words: ByteStringTable
  /// Token of all other words; without one they give no token.
  private let unknownToken: Int32?

  init(vocabulary: TokenVocabulary, unknownToken: Int32?) {
    words = vocabulary.idOfText
    self.unknownToken = unknownToken
  }

  var view: View { View(words: words.view, unknownToken: unknownToken) }

  /// Valid while the model lives.
  struct View: PieceModel {
    fileprivate let words: ByteStringTable.View
    fileprivate let unknownToken: Int32?

    func encode(_ piece: UnsafeBufferPointer<UInt8>, into output: inout TokenOutput) {
      if let token = words.value(of: piece) ?? unknownToken { output.append(token) }
    }
  }
}
