// Transpose, slice and broadcast.
#include "CKernels.h"
#include "strides.h"

HOT void scant_gather(
    int rank, const long *shape, const float *R x, const long *strides, float *R y) {
  long at[MOST_AXES] = {0}, n = shape[rank - 1], stride = strides[rank - 1];
  do {
    const float *from = x + offset(rank, at, strides);
    if (stride == 1)
      memcpy(y, from, (size_t)n * sizeof(float));
    else
      for (long i = 0; i < n; i++) y[i] = from[i * stride];
    y += n;
  } while (advance(rank, shape, at));
}

void scant_copy_rows(
    const float *x, long x_stride, float *y, long y_stride, long rows, long n) {
  for (long r = 0; r < rows; r++)
    memcpy(y + r * y_stride, x + r * x_stride, (size_t)n * sizeof(float));
}
