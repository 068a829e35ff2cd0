// One value in, one value out: arithmetic, activations and dropout.
#include "CKernels.h"
#include "hot.h"
#include <math.h>

HOT void scant_binary(int op, const float *R a, const float *R b, float *R y, long n) {
  switch (op) {
  case SCANT_ADD: for (long i = 0; i < n; i++) y[i] = a[i] + b[i]; break;
  case SCANT_SUBTRACT: for (long i = 0; i < n; i++) y[i] = a[i] - b[i]; break;
  case SCANT_MULTIPLY: for (long i = 0; i < n; i++) y[i] = a[i] * b[i]; break;
  default: for (long i = 0; i < n; i++) y[i] = a[i] / b[i];
  }
}

HOT void scant_affine(const float *R x, float scale, float shift, float *R y, long n) {
  for (long i = 0; i < n; i++) y[i] = x[i] * scale + shift;
}

HOT void scant_fill(float value, float *R y, long n) {
  for (long i = 0; i < n; i++) y[i] = value;
}

HOT void scant_relu(const float *R x, float *R y, long n) {
  for (long i = 0; i < n; i++) y[i] = x[i] > 0 ? x[i] : 0;
}

HOT void scant_relu_back(const float *R y, const float *R dy, float *R dx, long n) {
  for (long i = 0; i < n; i++) {
    float slope = dy[i];  // loaded first: a conditional load does not vectorise
    dx[i] = y[i] > 0 ? slope : 0;
  }
}

HOT void scant_clamp(const float *R x, float low, float high, float *R y, long n) {
  for (long i = 0; i < n; i++) {
    float v = x[i] < low ? low : x[i];
    y[i] = v > high ? high : v;
  }
}

HOT void scant_clamp_back(
    const float *R x, float low, float high, const float *R dy, float *R dx, long n) {
  for (long i = 0; i < n; i++) {
    float slope = dy[i];
    dx[i] = ((x[i] >= low) & (x[i] <= high)) ? slope : 0;
  }
}

HOT void scant_sigmoid(const float *R x, float *R y, long n) {
  for (long i = 0; i < n; i++) y[i] = quick_sigmoid(x[i]);
}

HOT void scant_sigmoid_back(const float *R y, const float *R dy, float *R dx, long n) {
  for (long i = 0; i < n; i++) dx[i] = dy[i] * y[i] * (1 - y[i]);
}

HOT void scant_exp(const float *R x, float *R y, long n) {
  for (long i = 0; i < n; i++) y[i] = quick_exp(x[i]);
}

void scant_log(const float *R x, float *R y, long n) {
  for (long i = 0; i < n; i++) y[i] = logf(x[i]);
}

// SplitMix64's finaliser as a counter-based generator.
INLINE uint32_t draw(uint64_t seed, uint64_t i) {
  uint64_t z = seed + (i + 1) * 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return (uint32_t)((z ^ (z >> 31)) >> 40);  // 24 bits
}

HOT void scant_dropout(
    const float *R x, uint64_t seed, long first, float rate, float *R y, long n) {
  float scale = 1 / (1 - rate), threshold = rate * 16777216.0f;
  for (long i = 0; i < n; i++)
    y[i] = (float)(int32_t)draw(seed, (uint64_t)(first + i)) < threshold ? 0 : x[i] * scale;
}
