import Autograd
import Datasets
import Layers
import Methods
import Testing

private func batch(clips: Int = 3, bands: Int = 5, frames: Int = 7) -> Batch {
  let count = clips * bands * frames
  let input = (0..<count).map { Float($0 + 1) }
  return Batch(
    clips: (0..<clips).map { "clip\($0)" }, input: Tensor(input, [clips, 1, bands, frames]),
    targets: Tensor((0..<clips * 2).map { Float($0 % 2) }, [clips, 2]),
    observed: Tensor((0..<clips * 2).map { $0 == 0 ? 0 : 1 }, [clips, 2]), embeddings: [:])
}

private func training(_ seed: Int) -> Mode { .training(RandomSource(Generator(seed: seed))) }

@Test func evaluationIsNotAugmented() {
  let augmentation = Augmentation(bands: 3, frames: 3, shift: 0.5, gain: 1, mixup: 1)
  #expect(augmentation(batch(), .evaluation()).input.values == batch().input.values)
  #expect(Augmentation.none(batch(), training(1)).input.values == batch().input.values)
}

@Test func masksAreWholeRowsOrColumnsOfZeros() {
  var widths = Set<Int>()
  for seed in 0..<40 {
    let values = Augmentation(bands: 2)(batch(clips: 1), training(seed)).input.values
    let zeroBands = (0..<5).filter { band in (0..<7).allSatisfy { values[band * 7 + $0] == 0 } }
    #expect(values.count { $0 == 0 } == zeroBands.count * 7)
    if let first = zeroBands.first, let last = zeroBands.last {
      #expect(last - first + 1 == zeroBands.count, "one stripe, not several")
    }
    widths.insert(zeroBands.count)
  }
  #expect(widths == [0, 1, 2])
}

@Test func timeMasksCoverEveryBand() {
  for seed in 0..<20 {
    let values = Augmentation(frames: 3)(batch(clips: 1), training(seed)).input.values
    let columns = (0..<7).filter { frame in (0..<5).allSatisfy { values[$0 * 7 + frame] == 0 } }
    #expect(values.count { $0 == 0 } == columns.count * 5)
    #expect(columns.count <= 3)
  }
}

@Test func timeShiftKeepsTheValuesOfABand() {
  var moved = false
  for seed in 0..<10 {
    let values = Augmentation(shift: 0.5)(batch(clips: 1), training(seed)).input.values
    let first = Array(values[0..<7])
    #expect(first.sorted() == (1...7).map(Float.init))
    let start = first.firstIndex(of: 1) ?? 0
    #expect((0..<7).allSatisfy { first[(start + $0) % 7] == Float($0 + 1) }, "order kept")
    moved = moved || start != 0
  }
  #expect(moved)
}

@Test func gainAddsAConstantToAClip() {
  let values = Augmentation(gain: 2)(batch(), training(4)).input.values
  let offsets = zip(values, batch().input.values).map { $0 - $1 }
  for clip in 0..<3 {
    let own = offsets[clip * 35..<(clip + 1) * 35]
    #expect(own.allSatisfy { abs($0 - own[clip * 35]) < 1e-4 && abs($0) <= 2 })
  }
  #expect(offsets[0] != offsets[35])
}

@Test func mixupObservesEntriesObservedInBothClips() {
  let mixed = Augmentation(mixup: 0.4)(batch(), training(2))
  let observed = mixed.observed.values
  #expect(observed.allSatisfy { $0 == 0 || $0 == 1 })
  #expect(observed[0] == 0, "the first clip's first label is missing")
  #expect(mixed.targets.values.allSatisfy { (0...1).contains($0) })
  let source = batch().input.values
  #expect(mixed.input.values.allSatisfy { $0 >= (source.first ?? 0) && $0 <= 105 })
}

@Test func sameSeedSameBatch() {
  let augmentation = Augmentation(bands: 2, frames: 2, shift: 0.3, gain: 0.5, mixup: 0.5)
  let one = augmentation(batch(), training(9)).input.values
  #expect(one == augmentation(batch(), training(9)).input.values)
  #expect(one != augmentation(batch(), training(10)).input.values)
}
