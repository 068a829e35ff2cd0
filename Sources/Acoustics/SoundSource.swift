// One open file: buffered reads at any position that remember why the system refused one.
import Foundation

/// Used by one thread from opening to closing.
final class SoundSource {
  let url: URL
  /// Bytes.
  let size: Int
  /// The `errno` of the first read that failed. A decoder sees such a read as the end of the file,
  /// so whoever uses one looks here afterwards.
  private(set) var failure: Int32?

  private let descriptor: Int32
  private static let capacity = 16_384
  private let buffer = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
  private var held = 0..<0

  /// Throws `AudioError` for what is missing, cannot be opened, is no regular file or is empty.
  init(_ url: URL) throws {
    self.url = url
    var status = stat()
    guard stat(url.path, &status) == 0 else { throw AudioError(url, errno, while: "opened") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw AudioError(url, "not a regular file; expected a sound file")
    }
    descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw AudioError(url, errno, while: "opened") }
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw AudioError(url, code, while: "opened")
    }
    size = Int(status.st_size)
    guard size > 0 else {
      close(descriptor)
      throw AudioError(url, "empty file (0 bytes); \(SoundSource.formats)")
    }
  }

  deinit {
    close(descriptor)
    buffer.deallocate()
  }

  static let formats = "expected WAV, AIFF, FLAC, Ogg Vorbis, Opus or MP3"

  /// How many of `count` bytes at `position` were copied: fewer at the end and after a failure.
  func read(_ target: UnsafeMutableRawPointer, _ count: Int, at position: Int) -> Int {
    var done = 0
    while done < count {
      let place = position + done
      if held.contains(place) {
        let share = min(count - done, held.upperBound - place)
        memcpy(target + done, buffer + (place - held.lowerBound), share)
        done += share
      } else if count - done >= SoundSource.capacity {
        let got = fetch(target + done, count - done, at: place)
        guard got > 0 else { break }
        done += got
      } else {
        held = place..<place + fetch(buffer, SoundSource.capacity, at: place)
        if held.isEmpty { break }
      }
    }
    return done
  }

  private func fetch(_ target: UnsafeMutableRawPointer, _ count: Int, at position: Int) -> Int {
    while failure == nil {
      let got = pread(descriptor, target, count, off_t(position))
      if got >= 0 { return got }
      if errno != EINTR { failure = errno }
    }
    return 0
  }

  /// Throws where a read failed: the sound is not broken, it could not be looked at.
  func checkFailure() throws {
    if let failure { throw AudioError(url, failure, while: "read") }
  }
}

extension SoundSource {
  /// The bytes at `position`, fewer where the file ends.
  func bytes(at position: Int, _ count: Int) -> [UInt8] {
    let present = max(0, min(count, size - position))
    return [UInt8](unsafeUninitializedCapacity: present) { target, filled in
      guard let base = target.baseAddress else { return }
      filled = read(base, present, at: position)
    }
  }

  /// Four bytes as one big-endian number; nil where they are not all there.
  func word(at position: Int) -> UInt32? {
    var word: UInt32 = 0
    let got = withUnsafeMutableBytes(of: &word) { bytes in
      bytes.baseAddress.map { read($0, 4, at: position) } ?? 0
    }
    return got == 4 ? UInt32(bigEndian: word) : nil
  }
}

extension [UInt8] {
  /// `count` bytes from `index` as one number, the first byte the highest.
  func big(_ index: Int, _ count: Int) -> Int {
    self[index..<index + count].reduce(0) { $0 << 8 | Int($1) }
  }

  /// The same with the first byte the lowest.
  func little(_ index: Int, _ count: Int) -> Int {
    self[index..<index + count].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// True where the characters of `text` stand at `index`.
  func holds(_ text: String, at index: Int = 0) -> Bool { dropFirst(index).starts(with: text.utf8) }
}
