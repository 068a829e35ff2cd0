// Dropout: the draws are a hash of the index of an element, so the pullback repeats them instead of
// reading a mask from memory.
#include "CKernels.h"
#include "hot.h"

enum { HALF = 16, BLOCK = 2 * HALF };

// Two rounds of multiply and xorshift; the constants are C. Wellons' "lowbias32". The key's halves
// enter at different places, so two keys do not give shifted copies of one stream.
INLINE uint32_t draw(uint64_t key, uint32_t counter) {
  uint32_t z = counter + (uint32_t)key;
  z = (z ^ (z >> 16)) * 0x7FEB352Du;
  z = (z ^ (z >> 15) ^ (uint32_t)(key >> 32)) * 0x846CA68Bu;
  return z ^ (z >> 16);
}

// One word serves two elements of a block of 32: lane k takes its low half, lane 16 + k its high.
// Each element is read before it is written, so y may be x.
INLINE void dropout(const float *x, uint64_t seed, long first, float rate, float *y, long n) {
  float scale = 1 / (1 - rate);
  uint32_t threshold = (uint32_t)(rate * 65536.0f + 0.5f), counter = (uint32_t)(first / 2);
  long i = 0;
  for (; i + BLOCK <= n; i += BLOCK, counter += HALF)
#pragma clang loop vectorize(assume_safety)
    for (uint32_t k = 0; k < HALF; k++) {
      uint32_t word = draw(seed, counter + k);
      float low = x[i + k] * scale, high = x[i + HALF + k] * scale;
      y[i + k] = (word & 0xFFFF) < threshold ? 0 : low;
      y[i + HALF + k] = word >> 16 < threshold ? 0 : high;
    }
  for (long k = 0; i < n; i++, k++) {
    uint32_t word = draw(seed, counter + (uint32_t)(k % HALF));
    float value = x[i] * scale;
    y[i] = (k < HALF ? word & 0xFFFF : word >> 16) < threshold ? 0 : value;
  }
}

HOT void scant_dropout(
    const float *x, uint64_t seed, long first, float rate, float *y, long n) {
  dropout(x, seed, first, rate, y, n);
}

HOT void scant_drop(float *x, uint64_t seed, long first, float rate, long n) {
  dropout(x, seed, first, rate, x, n);
}
