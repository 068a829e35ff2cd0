// gelu.h — the Gaussian error linear unit x·Φ(x), exactly (no tanh), and what it is made of.
#ifndef SCANT_GELU_H
#define SCANT_GELU_H

#include "hot.h"

// erf(x/√2) to 3e-7 relative: x·P(x²)/Q(x²), a least-maximum fit on |x| <= 5.5, beyond which a
// float cannot tell the result from ±1.
INLINE float quick_erf_of_half(float x) {
  x = x < -5.5f ? -5.5f : x;
  x = x > 5.5f ? 5.5f : x;
  float u = x * x;
  float p = 4.586179969e-08f;
  p = p * u + 1.260284444e-05f;
  p = p * u + 3.291324829e-04f;
  p = p * u + 9.302870370e-03f;
  p = p * u + 6.691656262e-02f;
  p = p * u + 7.978845239e-01f;
  float q = 1.199008352e-06f;
  q = q * u + 7.216400991e-05f;
  q = q * u + 1.860604156e-03f;
  q = q * u + 2.841575630e-02f;
  q = q * u + 2.505338788e-01f;
  q = q * u + 1.0f;
  return x * p / q;
}

INLINE float quick_gelu(float x) { return 0.5f * x * (1 + quick_erf_of_half(x)); }

// d/dx x·Φ(x) = Φ(x) + x·φ(x)
INLINE float quick_gelu_gradient(float x) {
  float density = 0.398942280f * quick_exp(-0.5f * x * x);
  return 0.5f * (1 + quick_erf_of_half(x)) + x * density;
}

#endif
