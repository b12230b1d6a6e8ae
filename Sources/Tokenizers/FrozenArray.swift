import Foundation

/// Numbers that never change after they were made, readable through a bare pointer.
///
/// Lookup tables of the encoder are read millions of times a second from many threads; a pointer
/// spares each read the uniqueness and exclusivity checks of an array property. Nothing writes to
/// the memory after `init`, which makes sharing it safe.
final class FrozenArray<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  let pointer: UnsafePointer<Element>
  let count: Int

  init(_ elements: [Element]) {
    let memory = TableMemory.allocate(Element.self, count: max(1, elements.count))
    elements.withUnsafeBufferPointer { source in
      if let base = source.baseAddress {
        memory.initialize(from: base, count: source.count)
      }
    }
    pointer = UnsafePointer(memory)
    count = elements.count
  }

  deinit { UnsafeMutablePointer(mutating: pointer).deallocate() }

  subscript(index: Int) -> Element {
    precondition(index >= 0 && index < count, "index out of range")
    return pointer[index]
  }
}

/// Memory for tables that are read in no order.
enum TableMemory {
  private static let hugePage = 2 << 20

  /// Uninitialised memory, to be given back by `deallocate`. Large tables lie on large pages where
  /// the system has them: with small ones most reads would miss the processor's page table cache.
  static func allocate<Element>(
    _ type: Element.Type, count: Int
  ) -> UnsafeMutablePointer<Element> {
    let bytes = count * MemoryLayout<Element>.stride
    guard bytes >= hugePage / 2 else { return .allocate(capacity: count) }
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: hugePage)
    // Only advice: it changes nothing where it is not taken.
    madvise(memory, bytes, MADV_HUGEPAGE)
    return memory.bindMemory(to: Element.self, capacity: count)
  }
}
