// Files that other programs wrote: script/golden/formats.py.
import Foundation

enum Golden {
  static func url(_ name: String) -> URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Golden/Formats/\(name)")
  }

  /// 0, 1/4, 2/4, … as the script fills arrays.
  static func counting(_ count: Int) -> [Float] { (0..<count).map { Float($0) / 4 } }
}
