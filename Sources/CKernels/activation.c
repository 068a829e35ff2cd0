// Element-wise functions: activations, exponential and logarithm.
#include "CKernels.h"
#include "hot.h"
#include "quick_log.h"

HOT void scant_relu(const float *R x, float *R y, long n) {
  for (long i = 0; i < n; i++) y[i] = x[i] > 0 ? x[i] : 0;
}

HOT void scant_relu_back(const float *R y, const float *R dy, float *R dx, long n) {
  for (long i = 0; i < n; i++) {
    float gradient = dy[i];  // loaded first: a conditional load does not vectorise
    dx[i] = y[i] > 0 ? gradient : 0;
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
    float gradient = dy[i];
    dx[i] = ((x[i] >= low) & (x[i] <= high)) ? gradient : 0;
  }
}

HOT void scant_sigmoid(const float *R x, float *R y, long n) {
  for (long i = 0; i < n; i++) y[i] = quick_sigmoid(x[i]);
}

HOT void scant_sigmoid_back(const float *R y, const float *R dy, float *R dx, long n) {
  for (long i = 0; i < n; i++) dx[i] = dy[i] * y[i] * (1 - y[i]);
}

HOT void scant_hardswish(const float *R x, float *R y, long n) {
  for (long i = 0; i < n; i++) {
    float t = x[i] + 3 > 0 ? x[i] + 3 : 0;
    y[i] = x[i] * (t > 6 ? 6 : t) * (1.0f / 6);
  }
}

HOT void scant_hardswish_back(const float *R x, const float *R dy, float *R dx, long n) {
  for (long i = 0; i < n; i++) {
    float slope = x[i] * (1.0f / 3) + 0.5f;
    slope = x[i] <= -3 ? 0 : slope;
    dx[i] = dy[i] * (x[i] >= 3 ? 1 : slope);
  }
}

HOT void scant_exp(const float *R x, float *R y, long n) {
  for (long i = 0; i < n; i++) y[i] = quick_exp(x[i]);
}

HOT void scant_log(const float *R x, float *R y, long n) {
  for (long i = 0; i < n; i++) y[i] = quick_log(x[i]);
}
