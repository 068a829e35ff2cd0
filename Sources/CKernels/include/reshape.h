// reshape.c
#ifndef SCANT_RESHAPE_H
#define SCANT_RESHAPE_H

/// y in order of x's strides: rank <= 8; a stride of 0 repeats.
void scant_gather(
    int rank, const long *shape, const float *x, const long *strides, float *y);
/// y[r, 0..<n] = x[r, 0..<n] for rows of the given strides.
void scant_copy_rows(
    const float *x, long x_stride, float *y, long y_stride, long rows, long n);

#endif
