// The inputs equal those that the other programs of a comparison make.
import Autograd
import Bench
import Testing

@Suite struct FixedDataTests {
  @Test func randomBitsMatchTheReference() {
    let bits = (0..<3).map { FixedData.bits(7, $0) }
    #expect(bits == [0x63cb_e1e4_5932_0dd7, 0x44c_3cd7_f43c_661c, 0xe698_4080_bab1_2a02])
  }

  @Test func numbersMatchTheReference() {
    #expect(
      FixedData.uniform(3, 5) == [
        0.11345028877258301, 0.7002934813499451, 0.6129746437072754, 0.07286667823791504,
        0.21643906831741333,
      ])
    #expect(
      FixedData.normal(1, 5) == [
        1.2604222297668457, 1.052350401878357, 0.15426978468894958, -0.7135751843452454,
        1.7783218622207642,
      ])
    #expect(FixedData.targets(4, 640).reduce(0, +) == 66)
  }

  @Test func soundMatchesTheReference() {
    let sound = FixedData.audio(seconds: 1)
    #expect(
      [0, 1, 2, 1000, 31_999].map { sound[$0] } == [
        -0.03865497186779976, 0.03502311557531357, 0.04124755039811134, -0.0892254039645195,
        -0.2620149552822113,
      ])
  }

  @Test func scoresMatchTheReference() throws {
    let (targets, scores) = FixedData.scores()
    #expect(targets.reduce(0, +) == 49_790)
    #expect(scores[0] == 1.0814616680145264 && scores[scores.count - 1] == 0.7194726467132568)
    let (precision, area) = try ScoreWorkload(.fp32).measured()
    #expect(abs((precision ?? 0) - 0.388504647) < 1e-9)
    #expect(abs((area ?? 0) - 0.754798414) < 1e-9)
  }

  @Test func rowsOfTheClassicWorkloadMatchTheReference() throws {
    let (values, owners) = FixedData.svmClips()
    #expect(values.count == 270_000 && owners[41] == 1)
    // What scikit-learn gets on the same rows, 0.9983: 5 of 3000 are wrong.
    let accuracy = try ClassicWorkload(.fp32).accuracy()
    #expect(abs(accuracy - 0.9983) < 5e-5)
  }
}
