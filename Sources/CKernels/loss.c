// Binary cross-entropy over observed entries, value and gradient in one pass.
#include "CKernels.h"
#include <math.h>

static double clamped_log(float p) {
  double l = log(p);
  return l > -100 ? l : -100;
}

// Stable form: max(z, 0) - z·y + ln(1 + e^-|z|).
double scant_bce_logits(
    const float *z, const float *y, const float *m, float *gradient, long n) {
  double sum = 0;
  for (long i = 0; i < n; i++) {
    double decay = exp(-fabs((double)z[i]));
    double loss = (z[i] > 0 ? z[i] : 0) - (double)z[i] * y[i] + log1p(decay);
    double sigmoid = z[i] >= 0 ? 1 / (1 + decay) : decay / (1 + decay);
    if (m[i] == 0) {
      gradient[i] = 0;
      continue;
    }
    sum += m[i] * loss;
    gradient[i] = (float)(m[i] * (sigmoid - y[i]));
  }
  return sum;
}

// PyTorch's BCELoss: logs clamped at -100, the gradient's denominator at 1e-12.
double scant_bce_probabilities(
    const float *p, const float *y, const float *m, float *gradient, long n) {
  double sum = 0;
  for (long i = 0; i < n; i++) {
    if (m[i] == 0) {
      gradient[i] = 0;
      continue;
    }
    sum -= m[i] * (y[i] * clamped_log(p[i]) + (1 - y[i]) * clamped_log(1 - p[i]));
    double spread = (double)p[i] * (1 - (double)p[i]);
    gradient[i] = (float)(m[i] * ((double)p[i] - y[i]) / (spread > 1e-12 ? spread : 1e-12));
  }
  return sum;
}
