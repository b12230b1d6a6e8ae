/// Numbers that never change after they were made, readable through a bare pointer.
///
/// Lookup tables of the encoder are read millions of times a second from many threads; a pointer
/// spares each read the uniqueness and exclusivity checks of an array property. Nothing writes to
/// the memory after `init`, which makes sharing it safe.
final class FrozenArray<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  let pointer: UnsafePointer<Element>
  let count: Int

  init(_ elements: [Element]) {
    let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
    elements.withUnsafeBufferPointer { source in
      if let base = source.baseAddress {
        memory.initialize(from: base, count: source.count)
      }
    }
    pointer = UnsafePointer(memory)
    count = elements.count
  }

  deinit { pointer.deallocate() }

  subscript(index: Int) -> Element {
    precondition(index >= 0 && index < count, "index out of range")
    return pointer[index]
  }
}
