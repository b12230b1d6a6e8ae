/// A table from Unicode scalars to tokens, in pages of 256.
struct ScalarTable: Sendable {
  /// Number of the page of each 256 scalars; page 0 is empty.
  private let pageNumbers: FrozenArray<Int32>
  private let pages: FrozenArray<Int32>
  private static let pageCount = 0x110000 >> 8

  init(_ entries: [(scalar: UInt32, token: Int32)]) {
    var numbers = [Int32](repeating: 0, count: Self.pageCount)
    var pages = [Int32](repeating: -1, count: 256)
    for entry in entries where entry.scalar < 0x110000 {
      let page = Int(entry.scalar >> 8)
      if numbers[page] == 0 {
        numbers[page] = Int32(pages.count >> 8)
        pages += [Int32](repeating: -1, count: 256)
      }
      pages[Int(numbers[page]) << 8 | Int(entry.scalar & 255)] = entry.token
    }
    pageNumbers = FrozenArray(numbers)
    self.pages = FrozenArray(pages)
  }

  /// Pointers for loops; valid while the table lives.
  var view: View { View(pageNumbers: pageNumbers.pointer, pages: pages.pointer) }

  struct View: BitwiseCopyable {
    fileprivate let pageNumbers: UnsafePointer<Int32>
    fileprivate let pages: UnsafePointer<Int32>

    /// The token of a scalar; -1 without one.
    @inline(__always)
    subscript(scalar: UInt32) -> Int32 {
      let page = Int(pageNumbers[Int(scalar &>> 8)])
      return pages[page &<< 8 | Int(scalar & 255)]
    }
  }
}
