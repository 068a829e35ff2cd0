// The natural logarithm of normal floats to 2 units in the last place; vectorises.
#ifndef SCANT_QUICK_LOG_H
#define SCANT_QUICK_LOG_H

#include "hot.h"

// x = 2^e · m with m in [sqrt(1/2), sqrt(2)); ln m by the series in s = (m - 1) / (m + 1):
// 2·(s + s^3/3 + s^5/5 + ...), |s| < 0.172. Zero and subnormals: -inf; below zero: NaN.
INLINE float quick_log(float x) {
  union { float f; int32_t i; } bits = {.f = x};
  int32_t shifted = bits.i - 0x3F3504F3;  // the bits of sqrt(1/2)
  int32_t e = shifted >> 23;
  bits.i -= e << 23;
  float m = bits.f - 1.0f, s = m / (m + 2.0f), z = s * s;
  float p = 0.2221f;
  p = p * z + 0.28571429f;
  p = p * z + 0.4f;
  p = p * z + 0.66666667f;
  float k = (float)e;
  // k·ln 2 in two parts, and ln m as m - s·(m - z·p): nothing is lost next to 1.
  float result = k * 0.693359375f + (m - (s * (m - z * p) + k * 2.12194440e-4f));
  result = x < 1.17549435e-38f ? -__builtin_inff() : result;
  result = x < 0 ? __builtin_nanf("") : result;
  return x <= 3.40282347e38f ? result : x;
}

#endif
