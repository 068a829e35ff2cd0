/// A drawing that writes only inside its rectangle.
public protocol Widget {
  func draw(in rect: Rect, on grid: inout Grid)
}
