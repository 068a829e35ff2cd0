// Means over windows of channels-last images, one row of outputs at a time.
#include "CKernels.h"
#include "hot.h"

HOT void scant_average_row(
    const float *R x, long rows, long width, long c, const long *starts, const long *ends,
    long out_width, float *R y) {
  for (long i = 0; i < out_width; i++, y += c) {
    long first = starts[i] * c, n = (ends[i] - starts[i]) * c;
    memset(y, 0, (size_t)c * sizeof(float));
    for (long r = 0; r < rows; r++)
      for (long at = 0; at < n; at += c)
        for (long k = 0; k < c; k++) y[k] += x[r * width * c + first + at + k];
    float share = 1.0f / (float)(rows * (ends[i] - starts[i]));
    for (long k = 0; k < c; k++) y[k] *= share;
  }
}

HOT void scant_average_row_back(
    const float *R dy, long rows, long width, long c, const long *starts, const long *ends,
    long out_width, float *R dx) {
  for (long i = 0; i < out_width; i++, dy += c) {
    long first = starts[i] * c, n = (ends[i] - starts[i]) * c;
    float share = 1.0f / (float)(rows * (ends[i] - starts[i]));
    for (long r = 0; r < rows; r++)
      for (long at = 0; at < n; at += c)
        for (long k = 0; k < c; k++) dx[r * width * c + first + at + k] += share * dy[k];
  }
}
