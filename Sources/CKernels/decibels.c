// Power to decibels over a floor.
#include "CKernels.h"
#include "hot.h"
#include "quick_log.h"

static const float SCALE = 4.34294482f;  // 10 / ln 10

HOT void scant_decibels(const float *R x, float floor, float *R y, long n) {
  for (long i = 0; i < n; i++) {
    float v = x[i] < floor ? floor : x[i];
    y[i] = SCALE * quick_log(v);
  }
}

HOT void scant_decibels_back(
    const float *R x, float floor, const float *R dy, float *R dx, long n) {
  for (long i = 0; i < n; i++) {
    float gradient = SCALE * dy[i], v = x[i] < floor ? floor : x[i];
    dx[i] = x[i] < floor ? 0 : gradient / v;
  }
}
