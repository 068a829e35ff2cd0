// L2 normalisation of rows, and Euclidean distances between rows. Short runs of products are summed
// in float, and the runs in double.
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
    double length = __builtin_elementwise_sqrt(dot(x, x, n));
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

// From differences, since the Gram matrix is inaccurate for close pairs.
INLINE float squared_distance(const float *R a, const float *R b, long n) {
  float lane[LANES] = {0}, sum = 0;
  long k = 0;
  for (; k + LANES <= n; k += LANES)
    for (int l = 0; l < LANES; l++) {
      float d = a[k + l] - b[k + l];
      lane[l] += d * d;
    }
  for (; k < n; k++) sum += (a[k] - b[k]) * (a[k] - b[k]);
  for (int l = 0; l < LANES; l++) sum += lane[l];
  return sum;
}

HOT void scant_distances(
    const float *R x, float epsilon, long i, long rows, long n, float *R y) {
  for (long j = 0; j < rows; j++)
    y[j] = __builtin_elementwise_sqrt(squared_distance(x + i * n, x + j * n, n) + epsilon);
}

HOT void scant_distances_back(
    const float *R x, const float *R y, const float *R dy, long i, long rows, long n,
    float *R dx) {
  memset(dx, 0, (size_t)n * sizeof(float));
  for (long j = 0; j < rows; j++) {
    if (j == i) continue;
    float share = (dy[i * rows + j] + dy[j * rows + i]) / y[i * rows + j];
    for (long k = 0; k < n; k++) dx[k] += share * (x[i * n + k] - x[j * n + k]);
  }
}
