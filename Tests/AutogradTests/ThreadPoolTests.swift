// The pool: every index once, nested and concurrent use, the same bits for any number of threads.
import Autograd
import Dispatch
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite(.serialized) struct ThreadPoolTests {
  @Test(arguments: [1, 2, 5])
  func everyIndexRunsOnce(_ threads: Int) {
    let pool = ThreadPool(threads: threads)
    for count in [0, 1, 2, 3, 1000] {
      let hits = Mutex([Int](repeating: 0, count: count))
      pool.parallel(count) { index in hits.withLock { $0[index] += 1 } }
      #expect(hits.withLock { $0 } == [Int](repeating: 1, count: count))
    }
  }

  @Test func nestedLoopsRunInline() {
    let pool = ThreadPool(threads: 3)
    let sum = Mutex(0)
    pool.parallel(8) { outer in
      pool.parallel(8) { inner in sum.withLock { $0 += outer * inner } }
    }
    #expect(sum.withLock { $0 } == 28 * 28)
  }

  @Test func concurrentQueues() {
    let pool = ThreadPool(threads: 2)
    let sum = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 6) { _ in
      for _ in 0..<300 { pool.parallel(10) { index in sum.withLock { $0 += index } } }
    }
    #expect(sum.withLock { $0 } == 6 * 300 * 45)
  }

  @Test func workersSleepWhenIdle() {
    let pool = ThreadPool(threads: 4)
    pool.parallel(1000) { _ in usleep(10) }
    usleep(20_000)
    let before = pool.workerSeconds
    usleep(200_000)
    #expect(before > 0)
    #expect(pool.workerSeconds - before < 0.002)
  }

  @Test func trainingIsIdenticalForAnyNumberOfThreads() {
    func gradientValues(threads: Int) -> [[Float]] {
      ThreadPool.configure(threads: threads)
      let w = Parameter(Sample.normal([6, 3, 3, 3]))
      let gamma = Parameter(Sample.uniform([6], 0.5...2))
      let x = Parameter(Sample.normal([11, 25, 31, 3]))
      let y = x.tensor.conv2d(w.tensor, padding: Extent(1))
        .batchNorm(
          gamma.tensor, Tensor.zeros([6]), epsilon: 1e-5, Epilogue(relu: true, pool: Extent(2))
        ).output.globalMean()
      let table = gradients(of: (y * y * y).sum())
      return [w, gamma, x].map { table[$0]?.values ?? [] }
    }
    let alone = gradientValues(threads: 1)
    #expect(alone.allSatisfy { !$0.isEmpty })
    // Compared first: a failed #expect would print all the numbers.
    let (two, five) = (gradientValues(threads: 2) == alone, gradientValues(threads: 5) == alone)
    #expect(two && five)
    ThreadPool.configure(threads: ProcessInfo.processInfo.processorCount)
  }
  @Test func spectraAndImagesAreIdenticalForAnyNumberOfThreads() {
    let bank = HarmonicBank(notes: [110, 220, 300], harmonics: 3, bins: 65, spacing: 31.25)
    func gradientValues(threads: Int) -> [[Float]] {
      ThreadPool.configure(threads: threads)
      let spectra = Parameter(Sample.uniform([3, 333, 65], 0.1...2))
      let q = Parameter(Tensor([0.9], [1]))
      let y = spectra.tensor.harmonicBank(q.tensor, bank).decibels()
        .dropout(0.3, RandomSource(Generator(seed: 1))).upsample()
        .adaptiveAveragePool2d(Extent(4, 3))
      let table = gradients(of: (y * y).sum())
      return [spectra, q].map { table[$0]?.values ?? [] }
    }
    let alone = gradientValues(threads: 1)
    #expect(alone.allSatisfy { !$0.isEmpty })
    let (two, five) = (gradientValues(threads: 2) == alone, gradientValues(threads: 5) == alone)
    #expect(two && five)
    ThreadPool.configure(threads: ProcessInfo.processInfo.processorCount)
  }
}
