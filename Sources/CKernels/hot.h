// HOT marks a loop that is compiled for several instruction sets; the loader picks one.
#ifndef SCANT_HOT_H
#define SCANT_HOT_H

#if defined(__x86_64__) && defined(__linux__)
#define HOT __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define HOT
#endif
#define INLINE static inline __attribute__((always_inline))
#define R restrict

#include <stdint.h>
#include <string.h>

// e^x to 2 units in the last place on [-87.3, 88.3], saturating outside.
// Cody-Waite reduction and a degree-6 polynomial (Cephes expf); vectorises.
INLINE float quick_exp(float x) {
  x = x < -87.3f ? -87.3f : x;
  x = x > 88.3f ? 88.3f : x;
  float t = x * 1.44269504f;
  float k = (t + 12582912.0f) - 12582912.0f;  // round to nearest by the magic number 1.5·2^23
  float r = (x - k * 0.693359375f) + k * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  union { int32_t i; float f; } two_to_k = {.i = ((int32_t)k + 127) << 23};
  return p * two_to_k.f;
}

// 2^x to 1 unit in the last place on [-126, 126], saturating outside: the fraction by a polynomial
// with least maximum error, the whole part by its bits.
INLINE float quick_exp2(float x) {
  x = x < -126.0f ? -126.0f : x;
  x = x > 126.0f ? 126.0f : x;
  float k = (x + 12582912.0f) - 12582912.0f;
  float r = x - k;
  float p = 1.535336118e-4f;
  p = p * r + 1.339887466e-3f;
  p = p * r + 9.618437363e-3f;
  p = p * r + 5.550332470e-2f;
  p = p * r + 2.402264791e-1f;
  p = p * r + 6.931472029e-1f;
  p = p * r + 1.0f;
  union { int32_t i; float f; } two_to_k = {.i = ((int32_t)k + 127) << 23};
  return p * two_to_k.f;
}

INLINE float quick_sigmoid(float x) { return 1.0f / (1.0f + quick_exp(-x)); }

#endif
