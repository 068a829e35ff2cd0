// Absolute values and roots.
#include "CKernels.h"
#include "hot.h"
#include <math.h>

HOT void scant_abs(const float *R x, float *R y, long n) {
  for (long i = 0; i < n; i++) y[i] = fabsf(x[i]);
}

HOT void scant_abs_back(const float *R x, const float *R dy, float *R dx, long n) {
  for (long i = 0; i < n; i++) {
    float gradient = dy[i];
    dx[i] = x[i] > 0 ? gradient : x[i] < 0 ? -gradient : 0;
  }
}

HOT void scant_sqrt(const float *R x, float *R y, long n) {
  for (long i = 0; i < n; i++) y[i] = __builtin_elementwise_sqrt(x[i]);
}
