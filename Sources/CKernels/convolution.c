// What turns a convolution into a matrix product: windows to columns and back.
#include "CKernels.h"
#include "hot.h"

INLINE long least(long a, long b) { return a < b ? a : b; }
INLINE long most(long a, long b) { return a > b ? a : b; }

// The output positions whose input lies inside [0, size): [first, last).
INLINE void inside(long shift, long stride, long size, long out, long *first, long *last) {
  *first = least(out, most(0, (-shift + stride - 1) / stride));
  *last = shift >= size ? *first : most(*first, least(out, (size - 1 - shift) / stride + 1));
}

INLINE void spread_row(
    const float *R x, long stride, long first, long last, long out, float *R y) {
  for (long i = 0; i < first; i++) y[i] = 0;
  if (stride == 1)
    for (long i = first; i < last; i++) y[i] = x[i];
  else
    for (long i = first; i < last; i++) y[i] = x[i * stride];
  for (long i = last; i < out; i++) y[i] = 0;
}

HOT void scant_im2col(const scant_window *w, const float *x, float *columns, long ld) {
  for (long c = 0; c < w->channels; c++, x += w->height * w->width)
    for (long ky = 0; ky < w->kernel_height; ky++)
      for (long kx = 0; kx < w->kernel_width; kx++, columns += ld) {
        long top, bottom, left, right, shift = kx - w->padding_x;
        inside(ky - w->padding_y, w->stride_y, w->height, w->out_height, &top, &bottom);
        inside(shift, w->stride_x, w->width, w->out_width, &left, &right);
        memset(columns, 0, (size_t)(top * w->out_width) * sizeof(float));
        for (long y = top; y < bottom; y++)
          spread_row(
              x + (y * w->stride_y - w->padding_y + ky) * w->width + shift, w->stride_x, left,
              right, w->out_width, columns + y * w->out_width);
        memset(columns + bottom * w->out_width, 0,
               (size_t)((w->out_height - bottom) * w->out_width) * sizeof(float));
      }
}

HOT void scant_col2im(const scant_window *w, const float *columns, long ld, float *x) {
  for (long c = 0; c < w->channels; c++, x += w->height * w->width)
    for (long ky = 0; ky < w->kernel_height; ky++)
      for (long kx = 0; kx < w->kernel_width; kx++, columns += ld) {
        long top, bottom, left, right, shift = kx - w->padding_x;
        inside(ky - w->padding_y, w->stride_y, w->height, w->out_height, &top, &bottom);
        inside(shift, w->stride_x, w->width, w->out_width, &left, &right);
        for (long y = top; y < bottom; y++) {
          float *R to = x + (y * w->stride_y - w->padding_y + ky) * w->width + shift;
          const float *R from = columns + y * w->out_width;
          if (w->stride_x == 1)
            for (long i = left; i < right; i++) to[i] += from[i];
          else
            for (long i = left; i < right; i++) to[i * w->stride_x] += from[i];
        }
      }
}

void scant_copy_rows(
    const float *x, long x_stride, float *y, long y_stride, long rows, long n) {
  for (long r = 0; r < rows; r++)
    memcpy(y + r * y_stride, x + r * x_stride, (size_t)n * sizeof(float));
}

HOT void scant_add_bias(float *R x, const float *R bias, long rows, long n) {
  for (long r = 0; r < rows; r++)
    for (long i = 0; i < n; i++) x[r * n + i] += bias[r];
}
