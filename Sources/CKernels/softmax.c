// Softmax along rows.
#include "rows.h"
#include "row_sums.h"

HOT void scant_softmax(const float *R x, long rows, long n, float *R y) {
  for (long r = 0; r < rows; r++, x += n, y += n) {
    float most = x[0];
    for (long j = 1; j < n; j++) most = x[j] > most ? x[j] : most;
    for (long j = 0; j < n; j++) y[j] = quick_exp(x[j] - most);
    float inverse = 1 / row_sum(y, n);
    for (long j = 0; j < n; j++) y[j] *= inverse;
  }
}

HOT void scant_softmax_back(
    const float *R y, const float *R dy, long rows, long n, float *R dx) {
  for (long r = 0; r < rows; r++, y += n, dy += n, dx += n) {
    float dot = row_dot(y, dy, n);
    for (long j = 0; j < n; j++) dx[j] = y[j] * (dy[j] - dot);
  }
}
