// What turns a convolution into a matrix product: windows to columns and back. A row of the column
// matrix is one output position: [kh, kw, C].
#include "CKernels.h"
#include "hot.h"

// The kernel columns [first, last) that lie inside the input for output column ox.
INLINE void inside(const scant_window *w, long ox, long *first, long *last) {
  long left = ox * w->stride_x - w->padding_x;
  *first = left < 0 ? -left : 0;
  *last = left + w->kernel_width > w->width ? w->width - left : w->kernel_width;
  if (*first > w->kernel_width) *first = w->kernel_width;
  if (*last < *first) *last = *first;
}

HOT void scant_im2col(const scant_window *w, const float *R x, float *R columns, long oy) {
  long c = w->channels, span = w->kernel_width * c;
  for (long ox = 0; ox < w->out_width; ox++)
    for (long ky = 0; ky < w->kernel_height; ky++, columns += span) {
      long y = oy * w->stride_y - w->padding_y + ky, first, last;
      inside(w, ox, &first, &last);
      if (y < 0 || y >= w->height) first = last = 0;
      const float *from = x + (y * w->width + ox * w->stride_x - w->padding_x) * c;
      for (long i = 0; i < first * c; i++) columns[i] = 0;
      for (long i = first * c; i < last * c; i++) columns[i] = from[i];
      for (long i = last * c; i < span; i++) columns[i] = 0;
    }
}

HOT void scant_col2im(const scant_window *w, const float *R columns, float *R x, long oy) {
  long c = w->channels, span = w->kernel_width * c;
  for (long ox = 0; ox < w->out_width; ox++)
    for (long ky = 0; ky < w->kernel_height; ky++, columns += span) {
      long y = oy * w->stride_y - w->padding_y + ky, first, last;
      inside(w, ox, &first, &last);
      if (y < 0 || y >= w->height) continue;
      float *to = x + (y * w->width + ox * w->stride_x - w->padding_x) * c;
      for (long i = first * c; i < last * c; i++) to[i] += columns[i];
    }
}

HOT void scant_add_bias(float *R x, const float *R bias, long rows, long n) {
  for (long r = 0; r < rows; r++)
    for (long i = 0; i < n; i++) x[r * n + i] += bias[i];
}
