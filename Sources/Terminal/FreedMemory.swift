import CNcurses

/// Returns freed memory to the system. The C library keeps it for reuse, but after a large task,
/// such as reading a long log, it may never be reused.
public enum FreedMemory {
  /// Takes a few milliseconds.
  public static func giveBack() { scant_give_back_memory() }
}
