// From rows of an annotation table to clips: opens every header, skips what cannot be read.
import Acoustics
import Formats
import Foundation

/// One row of an annotation table that names a file.
struct LabelledFile: Sendable {
  /// Unique within its data set.
  let id: String
  let url: URL
  let split: Split
  let labels: [Float?]
  let group: String?
}

enum LabelledFiles {
  /// The clips of the files that are sound, and one problem for each that is not.
  ///
  /// Throws `DatasetError` when nothing is left.
  static func clips(
    _ files: [LabelledFile], in root: URL, _ settings: DatasetSettings, progress: Ticker?
  ) throws -> (clips: [Clip], problems: [String]) {
    let lengths = try Parallel.map(
      files.count, threads: settings.threads ?? Parallel.cores, "Reading sound headers",
      progress: progress, worker: {}, work: { _, i in seconds(of: files[i].url) })
    var clips: [Clip] = []
    var problems: [String] = []
    for (file, length) in zip(files, lengths) {
      switch length {
      case .success(let seconds):
        clips.append(
          Clip(
            id: file.id, audio: file.url, split: file.split, seconds: seconds,
            labels: file.labels, group: file.group))
      case .failure(let error): problems.append("skipped \(error)")
      }
    }
    guard !clips.isEmpty else {
      let reason = problems.first.map { "; first: \($0)" } ?? ""
      throw DatasetError(root.path, "no readable sound file\(reason)")
    }
    return (clips, problems)
  }

  private static func seconds(of url: URL) -> Result<Double, AudioError> {
    Result { () throws(AudioError) -> Double in
      do {
        let info = try AudioFile.info(url)
        if info.frames > 0 { return info.seconds }
      } catch let error as AudioError {
        throw error
      } catch {
        throw AudioError(file: url.path, reason: "\(error); expected a sound file")
      }
      throw AudioError(file: url.path, reason: "no samples; expected sound")
    }
  }
}

/// Annotated folders: what must be there before anything else is looked at.
enum DatasetFolder {
  /// The folder to read. Throws `DatasetError` where it is missing, no folder, or empty.
  static func root(_ card: DatasetCard, _ settings: DatasetSettings) throws -> URL {
    let needs = card.needs.joined(separator: "; ")
    let id = card.source ?? card.id
    guard let root = settings.root ?? found(id) else {
      throw DatasetError(
        card.id, "no folder; give --root or set SCANT_DATA to a folder with \(id)/ (\(needs))")
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: root.path, isDirectory: &isFolder) else {
      throw DatasetError(root.path, "no such folder; expected \(needs)")
    }
    guard isFolder.boolValue else {
      throw DatasetError(root.path, "is a file; expected a folder")
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    guard !names.isEmpty else {
      throw DatasetError(root.path, "is empty; expected \(needs)")
    }
    return root
  }

  /// `$SCANT_DATA/<id>` where it is there, then what config.yaml says, then
  /// `$XDG_DATA_HOME/scant/data/<id>`.
  private static func found(_ id: String) -> URL? {
    func present(_ folder: URL?) -> URL? {
      let folder = folder?.appendingPathComponent(id)
      return folder.flatMap { FileManager.default.fileExists(atPath: $0.path) ? $0 : nil }
    }
    let user = UserFolders()
    return present(user.named(by: "SCANT_DATA")) ?? ConfiguredFolders.data[id]
      ?? present(user.data.appendingPathComponent("data"))
  }

  static func isFile(_ url: URL) -> Bool { FileStamp(url) != nil }

  /// Of the tables and of every file's name, size and labels: no sound is read for it.
  static func digest(_ classes: [String], _ clips: [Clip]) -> String {
    var digest = Fingerprint(of: classes.joined(separator: "\n"))
    for clip in clips {
      let size = clip.audio.flatMap { FileStamp($0)?.size } ?? 0
      let labels = clip.labels.map { $0.map { "\($0)" } ?? "-" }.joined(separator: ",")
      digest = digest.adding("\(clip.id) \(clip.split.rawValue) \(size) \(labels)")
    }
    return digest.text
  }
}
