import Canvas

/// Cutting a rectangle into columns or rows.
enum Length {
  case fixed(Int)
  /// A part of what the fixed ones leave.
  case share(Int)
}

extension Rect {
  func columns(_ lengths: Length...) -> [Rect] {
    var x = x
    return Rect.sizes(lengths, of: width).map { width in
      defer { x += width }
      return Rect(x: x, y: y, width: width, height: height)
    }
  }

  func rows(_ lengths: Length...) -> [Rect] {
    var y = y
    return Rect.sizes(lengths, of: height).map { height in
      defer { y += height }
      return Rect(x: x, y: y, width: width, height: height)
    }
  }

  /// Sizes that add up to `total`; shares are rounded so that nothing is lost.
  private static func sizes(_ lengths: [Length], of total: Int) -> [Int] {
    var fixed = 0, shares = 0
    for length in lengths {
      switch length {
      case .fixed(let n): fixed += n
      case .share(let n): shares += n
      }
    }
    let free = max(0, total - fixed)
    var before = 0, used = 0
    return lengths.map { length in
      let wanted: Int
      switch length {
      case .fixed(let n): wanted = n
      case .share(let n):
        let end = free * (before + n) / max(1, shares)
        wanted = end - free * before / max(1, shares)
        before += n
      }
      let size = min(wanted, max(0, total - used))
      used += size
      return size
    }
  }
}
