// What a file holds beside the arrays of numbers that are read from it.

extension WeightFile {
  /// A part of the file that is not read, so that nothing is left out without a word.
  public struct Unread: Sendable, Equatable {
    /// Where it lies, named as a tensor there would be.
    public let name: String
    /// Why it is not read, such as "array [3] of <c8".
    public let reason: String
  }
}
