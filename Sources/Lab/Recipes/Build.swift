/// Which version of the code made a run; written into its recipe and its first event.
public enum Build {
  public static let version = "0.1.0"
}
