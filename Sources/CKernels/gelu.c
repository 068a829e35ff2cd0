// The Gaussian error linear unit. Paper: Hendrycks & Gimpel 2016, arXiv:1606.08415.
#include "gelu.h"
#include "rows.h"

HOT void scant_gelu(const float *R x, float *R y, long n) {
  for (long i = 0; i < n; i++) y[i] = quick_gelu(x[i]);
}

HOT void scant_gelu_back(const float *R x, const float *R dy, float *R dx, long n) {
  for (long i = 0; i < n; i++) dx[i] = dy[i] * quick_gelu_gradient(x[i]);
}
