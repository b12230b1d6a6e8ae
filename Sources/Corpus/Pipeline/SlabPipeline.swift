import Glibc

/// How a pipeline uses the machine; decides nothing about the bytes that come out.
public struct PipelineOptions: Sendable, Equatable {
  /// Threads, the calling one among them.
  public var threads: Int
  /// Bytes of text that one thread takes at a time.
  public var slabSize = 1 << 20
  /// A state to resume from is written after this much of decompressed input...
  public var checkpointBytes = 256 << 20
  /// ...or after this many seconds.
  public var checkpointSeconds = 20.0
  /// Logarithm of the bytes that a zstd frame may look back; see `DecompressionLimit`.
  public var windowLog = DecompressionLimit.windowLog
  /// Documents in a part of the document table; other numbers are for tests alone, since this one
  /// decides where its files end.
  package var documentsPerPart = 1_000_000

  /// One thread unless said otherwise.
  public init(threads: Int = 1) { self.threads = threads }
}

/// What takes the slabs in their order. Called by one thread at a time, not always the same.
protocol SlabConsumer: AnyObject {
  /// Takes a slab.
  func consume(_ slab: Slab) throws(CorpusError)
}

/// Reads, parses, tokenizes and packs with several threads at a time, in the order of the input.
final class SlabPipeline: @unchecked Sendable {
  // Unchecked: the reader and the consumer are used by the thread that holds their role, which
  // `schedule` gives to one at a time; the failure is written under the packing role and read
  // after all threads have joined.

  private let schedule: SlabSchedule
  private let reader: SlabReader
  private let consumer: any SlabConsumer
  private let makeWorker: @Sendable () throws(CorpusError) -> SlabWorker
  private let slabSize: Int
  private let threads: Int
  private let rest: @Sendable () -> Void
  private var failure: CorpusError?

  /// - Parameter rest: called by every thread between its tasks; returns when work may go on.
  init(
    reader: SlabReader, consumer: any SlabConsumer, options: PipelineOptions,
    rest: @escaping @Sendable () -> Void = {},
    makeWorker: @escaping @Sendable () throws(CorpusError) -> SlabWorker
  ) throws(CorpusError) {
    threads = max(1, options.threads)
    slabSize = max(256, options.slabSize)
    var slabs: [Slab] = []
    for _ in 0..<2 * threads + 2 { slabs.append(try Slab(capacity: slabSize)) }
    schedule = SlabSchedule(slabs: slabs, threads: threads)
    self.reader = reader
    self.consumer = consumer
    self.makeWorker = makeWorker
    self.rest = rest
  }

  /// Runs to the end of the input, on the calling thread and others.
  ///
  /// - Parameter tick: called on the calling thread between its tasks, several times a second;
  ///   false stops with `CorpusError.cancelled` behind a whole slab.
  func run(tick: () -> Bool) throws(CorpusError) {
    var handles: [pthread_t] = []
    for _ in 1..<threads {
      let ticket = Unmanaged.passRetained(self)
      var handle = pthread_t()
      if pthread_create(&handle, nil, pipelineThreadEntry, ticket.toOpaque()) == 0 {
        handles.append(handle)
      } else {
        // Fewer threads do the same work.
        ticket.release()
      }
    }
    var cancelled = false
    serve(waiting: 200) {
      if !tick() {
        cancelled = true
        schedule.stop()
      }
    }
    for handle in handles { pthread_join(handle, nil) }
    if let failure { throw failure }
    if cancelled { throw .cancelled }
  }

  /// Takes roles until everything is done.
  fileprivate func serve(waiting milliseconds: Int?, between: () -> Void) {
    var worker: SlabWorker?
    while true {
      switch schedule.next(waiting: milliseconds) {
      case .done: return
      case .nothing: break
      case .read(let slab, let mayGrow):
        schedule.didRead(reader.fill(slab, mayGrow: mayGrow))
      case .work(let slab):
        do throws(CorpusError) {
          let mine = if let worker { worker } else { try makeWorker() }
          worker = mine
          mine.work(on: slab)
        } catch {
          slab.workFailure = error
        }
        schedule.didWork(slab)
      case .pack(let slab):
        pack(slab)
      }
      rest()
      between()
    }
  }

  private func pack(_ slab: Slab) {
    do throws(CorpusError) {
      try consumer.consume(slab)
      if let error = slab.workFailure ?? slab.failure { throw error }
      try slab.reset(capacity: slabSize)
      schedule.didPack()
    } catch {
      failure = error
      schedule.stop()
    }
  }
}

private func pipelineThreadEntry(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context else { return nil }
  let pipeline = Unmanaged<SlabPipeline>.fromOpaque(context).takeRetainedValue()
  pipeline.serve(waiting: nil) {}
  return nil
}
