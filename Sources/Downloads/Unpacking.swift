// From downloaded files to the content of the folder, in a staging folder.
import Formats
import Foundation

/// Unpacks the files of a release below a folder that nobody else uses.
struct Unpacking {
  /// Where the downloaded files are.
  let downloads: URL
  let staging: URL
  let environment: [String: String]
  let progress: DownloadProgress

  /// Unpacks files in their order. Throws `Problem` and `CancellationError`; what was unpacked then
  /// stays in the staging folder.
  func run(_ files: [RemoteFile]) throws {
    var volumes: [URL] = []
    for file in files {
      let url = downloads.appendingPathComponent(file.name)
      switch file.use {
      case .place(let path): try place(url, path)
      case .volume: volumes.append(url)
      case .zip(let path, let strip):
        try unzip(volumes + [url], try folder(path), strip)
        volumes = []
      case .tar(let path, let strip): try untar(url, try folder(path), strip)
      }
    }
    try audit(staging)
  }

  private func folder(_ path: String) throws -> URL {
    let folder = path.isEmpty ? staging : staging.appendingPathComponent(path)
    try Folders.make(folder)
    return folder
  }

  /// A hard link, so that the download stays until everything is in place; a copy where the file
  /// system has no links.
  private func place(_ file: URL, _ path: String) throws {
    let target = staging.appendingPathComponent(path)
    try Folders.make(target.deletingLastPathComponent())
    if link(file.path, target.path) == 0 { return }
    do { try FileManager.default.copyItem(at: file, to: target) } catch {
      throw Problem(target, "cannot be written (\(SystemWords.of(error))); expected free space")
    }
  }

  private func unzip(_ files: [URL], _ folder: URL, _ strip: Int) throws {
    let joined = try JoinedFiles(files)
    let what = "unpacking \(joined.name.split(separator: "/").last ?? "")"
    try ZipArchive(joined, volumes: joined.starts).extract(to: folder, strip: strip) {
      progress(what, $0, $1)
    }
  }

  /// tar refuses names that lead out of the folder by itself; what is not a file or folder is found
  /// by `audit`.
  private func untar(_ file: URL, _ folder: URL, _ strip: Int) throws {
    var environment = environment
    environment["TAR_OPTIONS"] = nil
    environment["LC_ALL"] = "C"
    let program = ChildProgram(command: ["tar"], environment: environment)
    let outcome = try program.run([
      "--extract", "--gzip", "--file", file.path, "--directory", folder.path, "--no-same-owner",
      "--no-same-permissions", "--strip-components=\(strip)", "--force-local",
    ]) { progress("unpacking \(file.lastPathComponent)", 0, 0) }
    guard outcome.status == 0 else {
      let lines = outcome.complaint.split(separator: "\n")
      let reason = lines.first ?? "status \(outcome.status)"
      throw Problem(file, "cannot be unpacked (\(reason)); expected a whole archive and free space")
    }
  }

  /// Throws `Problem` if there is anything but files and folders.
  private func audit(_ folder: URL) throws {
    for name in try StoredFile.names(in: folder) {
      let url = folder.appendingPathComponent(name)
      guard let status = try StoredFile.status(url.path, followsLinks: false) else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFREG: break
      case S_IFDIR: try audit(url)
      default:
        throw Problem(url, "is a link or device in the archive; expected files and folders only")
      }
    }
  }
}
