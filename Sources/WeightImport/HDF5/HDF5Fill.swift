// What elements are that were never written (§IV.A.2.e and f).
import Formats

extension HDF5Object {
  /// The value of elements that were never written: 0 unless the file gives another. Nil where the
  /// file says that they have none. Throws `Problem`.
  func fillValue(_ type: ElementType) throws -> Float? {
    if var message = try body(.fill) {
      let version = try message.number(1)
      guard (1...3).contains(version) else {
        throw message.problem("is of version \(version); expected 1 to 3")
      }
      if version == 3 {
        let flags = try message.number(1)
        if flags & 0x10 != 0 { return nil }
        return flags & 0x20 != 0 ? try value(&message, type) : 0
      }
      try message.skip(2)
      let isDefined = try message.number(1) != 0
      // Version 1 has a size, perhaps of 0, in any case; a negative one stands for "none".
      guard isDefined || version == 1 else { return nil }
      return try value(&message, type)
    }
    guard var message = try body(.oldFill) else { return 0 }
    return try value(&message, type)
  }

  /// One element behind its size; none at all stands for 0.
  private func value(_ message: inout Cursor, _ type: ElementType) throws -> Float? {
    let size = try message.number(4)
    if size == 0 { return 0 }
    if size == UInt32.max { return nil }
    guard size == type.size else {
      throw message.problem("has \(size) bytes; expected the \(type.size) of an element")
    }
    return type.floats(try message.take(size)).first
  }
}
