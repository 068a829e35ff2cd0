// Files that other programs wrote: script/golden/formats.py.
import Foundation

public enum FormatFiles {
  public static func url(_ name: String) -> URL {
    SharedData.packageRoot.appendingPathComponent("Tests/Golden/Formats/\(name)")
  }

  /// 0, 1/4, 2/4, … as the script fills arrays.
  public static func counting(_ count: Int) -> [Float] { (0..<count).map { Float($0) / 4 } }
}
