/// A model seen by one thread that encodes: pointers to its tables, and memory to work in.
protocol PieceModel {
  /// Appends the tokens of a piece of text, at least one byte of UTF-8.
  func encode(_ piece: UnsafeBufferPointer<UInt8>, into output: inout TokenOutput)

  /// Where the first part of a long piece ends that can be encoded by itself: the tokens of a piece
  /// are those of its parts. The end of the piece if it has no such place.
  func endOfPart(_ piece: UnsafeBufferPointer<UInt8>, from start: Int) -> Int

  /// The token that a whole piece is without being taken apart; nil for most.
  func wholeToken(of piece: UnsafeBufferPointer<UInt8>) -> Int32?
}

extension PieceModel {
  @inline(__always)
  func endOfPart(_ piece: UnsafeBufferPointer<UInt8>, from start: Int) -> Int { piece.count }

  @inline(__always)
  func wholeToken(of piece: UnsafeBufferPointer<UInt8>) -> Int32? { nil }
}
