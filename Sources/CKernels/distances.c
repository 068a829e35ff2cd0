// Pairwise Euclidean distances by differences: the Gram matrix would lose the digits of near pairs.
#include "CKernels.h"
#include "hot.h"
#include <math.h>

enum { LANES = 16 };

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
    y[j] = sqrtf(squared_distance(x + i * n, x + j * n, n) + epsilon);
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
