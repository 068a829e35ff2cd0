// Numbers, times and thins out the events of one run before they reach the log and the screen:
// scalars are sent in batches, keep-latest events at most four times a second.
import Dispatch

/// Used on the trainer's queue only; its owner, the trainer, checks that.
package final class EventStream {
  package typealias Sink = (Event) -> Void

  private let run: String
  private let sink: Sink
  private let now: () -> UInt64
  private var seq: UInt64
  private var scalars: OpenBatch?
  private var scalarsSince: UInt64 = 0
  private var position = (step: 0, epoch: 0)
  private var held: [String: (body: any EventBody, step: Int, epoch: Int)] = [:]
  private var sent: [String: UInt64] = [:]

  /// The steps of the present batch: a column of values for each series, absent before the first.
  private struct OpenBatch {
    let first: Int
    private(set) var n = 0
    private var places: [String: Int] = [:]
    private var columns: [[Float]] = []

    init(first: Int) { self.first = first }

    mutating func add(_ values: [String: Float]) {
      for (name, value) in values { columns[place(of: name)].append(Scalars.packed(value)) }
      n += 1
      for place in columns.indices where columns[place].count < n {
        columns[place].append(Scalars.absent)
      }
    }

    private mutating func place(of name: String) -> Int {
      if let place = places[name] { return place }
      var column = Array(repeating: Scalars.absent, count: n)
      column.reserveCapacity(EventStream.batch)
      columns.append(column)
      places[name] = columns.count - 1
      return columns.count - 1
    }

    var scalars: Scalars {
      let sorted = places.sorted { $0.key < $1.key }
      return Scalars(
        first: first, n: n, names: sorted.map(\.key), width: n,
        packed: sorted.flatMap { columns[$0.value] })
    }
  }

  package static let batch = 64
  package static let interval: UInt64 = 250_000_000

  /// `after`: the last event of a log that is continued. `clock` counts nanoseconds.
  package init(
    run: String, after last: Event?,
    clock: @escaping () -> UInt64 = { DispatchTime.now().uptimeNanoseconds },
    sink: @escaping Sink
  ) {
    self.run = run
    self.sink = sink
    seq = last?.seq ?? 0
    let start = clock()
    let offset = last?.t ?? 0
    now = { clock() - start + offset }
  }

  /// Nanoseconds since the run started.
  package var time: UInt64 { now() }

  /// Must-deliver events go out at once, after the scalars before them. Keep-latest events wait
  /// for their turn unless `always`.
  package func emit(_ body: any EventBody, step: Int, epoch: Int, always: Bool = false) {
    let (kind, isCoalescable) = (body.kind, body.isCoalescable)
    if isCoalescable && !always {
      if let before = sent[kind], now() - before < Self.interval {
        held[kind] = (body, step, epoch)
        return
      }
    } else {
      closeScalars()
    }
    if isCoalescable { sent[kind] = now() }
    held[kind] = nil
    send(body, step, epoch)
  }

  /// One value a series at this step; steps must not leave gaps within a batch.
  package func record(_ values: [String: Float], step: Int, epoch: Int) {
    if let open = scalars, open.first + open.n != step { closeScalars() }
    if scalars == nil { scalarsSince = now() }
    var batch = scalars ?? OpenBatch(first: step)
    scalars = nil  // so that the batch is changed in place
    batch.add(values)
    scalars = batch
    position = (step, epoch)
    if batch.n >= Self.batch || now() - scalarsSince >= Self.interval { closeScalars() }
  }

  /// Sends what has been held back: before a pause and at the end.
  package func settle() {
    closeScalars()
    for (kind, event) in held.sorted(by: { $0.key < $1.key }) {
      sent[kind] = now()
      send(event.body, event.step, event.epoch)
    }
    held = [:]
  }

  private func closeScalars() {
    guard let batch = scalars else { return }
    scalars = nil
    send(batch.scalars, position.step, position.epoch)
  }

  private func send(_ body: any EventBody, _ step: Int, _ epoch: Int) {
    seq += 1
    sink(Event(run: run, seq: seq, t: now(), step: step, epoch: epoch, body: body))
  }
}
