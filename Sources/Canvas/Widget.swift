/// A drawing: given a place, it touches that place and nothing else.
public protocol Widget {
  func draw(in rect: Rect, on grid: inout Grid)
}
