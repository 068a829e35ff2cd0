// The text of a YAML file that is no larger than it may be.
import Foundation

extension PlainYAML {
  /// The text of the file at `path`; `what` was expected there, for the error. Pipes and devices,
  /// which may never end, are refused. Throws `YAMLProblem`.
  public static func text(at path: String, expecting what: String) throws(YAMLProblem) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else { throw unreadable(errno, what) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw YAMLProblem("is no regular file; expected \(what)")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(errno, what) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    let data: Data
    do { data = try handle.read(upToCount: largestSize + 1) ?? Data() } catch {
      throw YAMLProblem("cannot be read; expected \(what)")
    }
    guard data.count <= largestSize else {
      throw YAMLProblem("is larger than \(largestSize >> 10) KiB; expected a page of YAML")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw YAMLProblem("is not UTF-8 text; expected \(what)")
    }
    return text
  }

  /// A file that is there and cannot be looked at is another thing than none.
  private static func unreadable(_ code: Int32, _ what: String) -> YAMLProblem {
    let reason = code == ENOENT ? "" : " (\(String(cString: strerror(code))))"
    return YAMLProblem("cannot be read\(reason); expected \(what)")
  }
}
