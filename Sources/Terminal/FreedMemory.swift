import CNcurses

/// What was allocated and freed again. The C library keeps it for later; after something large,
/// such as reading a long log, there may be no later.
public enum FreedMemory {
  /// Takes some milliseconds.
  public static func giveBack() { scant_give_back_memory() }
}
