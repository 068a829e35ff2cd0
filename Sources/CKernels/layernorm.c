// Layer normalisation: each row with its own mean and variance.
#include "rows.h"
#include "row_sums.h"
#include <math.h>

HOT void scant_layer_norm(
    const float *R x, const float *R gamma, const float *R beta, float epsilon, long rows, long n,
    float *R y, float *R moments) {
  for (long i = 0; i < rows; i++, x += n, y += n) {
    float mean = row_sum(x, n) / (float)n;
    float inverse = 1 / __builtin_elementwise_sqrt(row_squares(x, mean, n) / (float)n + epsilon);
    moments[2 * i] = mean;
    moments[2 * i + 1] = inverse;
    for (long j = 0; j < n; j++) y[j] = (x[j] - mean) * inverse * gamma[j] + beta[j];
  }
}

// With x̂ the normalised row and g = dy·gamma: dx = (g − mean g − x̂·mean(g·x̂)) / σ.
HOT void scant_layer_norm_back(
    const float *R x, const float *R moments, const float *R gamma, const float *R dy, long rows,
    long n, float *R dx, float *R sums) {
  for (long i = 0; i < rows; i++, x += n, dy += n) {
    float mean = moments[2 * i], inverse = moments[2 * i + 1];
    if (sums)
      for (long j = 0; j < n; j++) {
        sums[j] += dy[j] * (x[j] - mean) * inverse;
        sums[n + j] += dy[j];
      }
    if (!dx) continue;
    float a = row_dot(dy, gamma, n) / (float)n;
    float b = row_dot3(dy, gamma, x, mean, n) * inverse / (float)n;
    for (long j = 0; j < n; j++)
      dx[i * n + j] = inverse * (dy[j] * gamma[j] - a - (x[j] - mean) * inverse * b);
  }
}
