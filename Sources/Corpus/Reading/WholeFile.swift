import Glibc
import Store

/// Reads a small file whole, decompressed if it is gzip or zstd.
public func readWholeFile(_ path: String, limit: Int = 256 << 20) throws(CorpusError) -> [UInt8] {
  let stream = try openStream(RawFile(path: path, digesting: false))
  let content = try wholeContent(of: stream, limit: limit)
  if content.count > limit {
    throw .unreadable(path: path, reason: "it holds more than \(limit) bytes")
  }
  return content
}

/// The rest of a stream, at most `limit` bytes and a little more.
func wholeContent(of stream: any ByteStream, limit: Int) throws(CorpusError) -> [UInt8] {
  let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
  defer { piece.deallocate() }
  var content: [UInt8] = []
  while content.count <= limit {
    let count = try stream.read(into: piece)
    if count == 0 { break }
    content.append(contentsOf: piece[..<count])
  }
  return content
}

/// Size of a file on disk and when it was last changed, in nanoseconds since 1970.
func fileStatus(_ path: String) throws(CorpusError) -> (size: Int, modified: Int64) {
  var status = stat()
  if FileName.withPath(path, { stat($0, &status) }) != 0 {
    throw .unreadable(path: path, reason: String(cString: strerror(errno)))
  }
  let modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
  return (Int(status.st_size), modified)
}
