// row_sums.h — sums along a row in 32 lanes, which a compiler that keeps the order of additions
// would not make by itself. The same order on every processor.
#ifndef SCANT_ROW_SUMS_H
#define SCANT_ROW_SUMS_H

#include "hot.h"

enum { LANES = 32 };

INLINE float lane_total(const float *lane) {
  float sum[8] = {0};
  for (int i = 0; i < LANES; i++) sum[i % 8] += lane[i];
  return ((sum[0] + sum[4]) + (sum[1] + sum[5])) + ((sum[2] + sum[6]) + (sum[3] + sum[7]));
}

// Σ TERM over i < n
#define ROW_SUM(TERM)                                                                              \
  float lane[LANES] = {0};                                                                         \
  long i = 0;                                                                                      \
  for (; i + LANES <= n; i += LANES)                                                               \
    for (long l = i; l < i + LANES; l++) lane[l - i] += TERM;                                      \
  for (long l = i; l < n; l++) lane[l - i] += TERM;                                                \
  return lane_total(lane);

INLINE float row_sum(const float *x, long n) { ROW_SUM(x[l]) }
INLINE float row_squares(const float *x, float mean, long n) {
  ROW_SUM((x[l] - mean) * (x[l] - mean))
}
INLINE float row_dot(const float *x, const float *y, long n) { ROW_SUM(x[l] * y[l]) }
// Σ x·y·(z − mean)
INLINE float row_dot3(const float *x, const float *y, const float *z, float mean, long n) {
  ROW_SUM(x[l] * y[l] * (z[l] - mean))
}

#endif
