// The table of kernels: complete, finite, parseable.
import Bench
import Foundation
import Testing

@Suite struct KernelTableTests {
  /// Without the convolutions, which take their time.
  @Test func everyKernelReportsARate() throws {
    let table = KernelTable(
      seconds: 0, threads: 2, program: "x", families: [.elementwise, .rearrangements, .spectra])
    #expect(table.rows.count > 10)
    for row in table.rows {
      let rate = row.gigaOperations ?? row.gigabytes ?? 0
      #expect(rate > 0 && rate.isFinite && row.timing.repetitions == 3, "\(row)")
    }
    #expect(table.cells.allSatisfy { $0.count == KernelTable.header.count })
    _ = try JSONSerialization.jsonObject(with: Data(table.json.utf8))
  }
}
