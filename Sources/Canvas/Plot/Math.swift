// The two functions of the C library that axes need.
import Foundation

enum Math {
  static func log10(_ x: Double) -> Double { Foundation.log10(x) }

  static func pow10(_ exponent: Int) -> Double { Foundation.pow(10, Double(exponent)) }
}
