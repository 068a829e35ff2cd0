// Rows scaled to length one. Products are summed in double over short float runs.
#include "CKernels.h"
#include "hot.h"
#include <math.h>

enum { LANES = 16, RUN = 512 };

INLINE double dot(const float *R a, const float *R b, long n) {
  double sum = 0;
  for (long start = 0; start < n; start += RUN) {
    long end = start + RUN < n ? start + RUN : n, i = start;
    float lane[LANES] = {0};
    for (; i + LANES <= end; i += LANES)
      for (int l = 0; l < LANES; l++) lane[l] += a[i + l] * b[i + l];
    for (; i < end; i++) sum += (double)a[i] * b[i];
    for (int l = 0; l < LANES; l++) sum += lane[l];
  }
  return sum;
}

HOT void scant_normalize_rows(
    const float *R x, float epsilon, long rows, long n, float *R y, float *R inverses) {
  for (long r = 0; r < rows; r++, x += n, y += n) {
    double length = sqrt(dot(x, x, n));
    float inverse = (float)(1 / (length > epsilon ? length : epsilon));
    inverses[r] = inverse;
    for (long i = 0; i < n; i++) y[i] = x[i] * inverse;
  }
}

HOT void scant_normalize_rows_back(
    const float *R y, const float *R inverses, const float *R dy, float epsilon, long rows,
    long n, float *R dx) {
  for (long r = 0; r < rows; r++, y += n, dy += n, dx += n) {
    float along = (double)inverses[r] * epsilon < 1 ? (float)dot(y, dy, n) : 0;
    for (long i = 0; i < n; i++) dx[i] = inverses[r] * (dy[i] - y[i] * along);
  }
}
