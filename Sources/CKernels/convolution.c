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

// How one row of the column matrix, (channel, ky, kx), lies on its input plane: output rows
// [top, bottom) and columns [left, right) have an input; position 0 would read input `origin`.
typedef struct { long top, bottom, left, right, origin; } overlap;

INLINE overlap find_overlap(const scant_window *w, long ky, long kx) {
  overlap o;
  inside(ky - w->padding_y, w->stride_y, w->height, w->out_height, &o.top, &o.bottom);
  inside(kx - w->padding_x, w->stride_x, w->width, w->out_width, &o.left, &o.right);
  o.origin = (ky - w->padding_y) * w->width + kx - w->padding_x;
  return o;
}

// Where input and output planes have equal rows, the whole overlap is one run with a shift; only
// the columns beside it are wrong, and few.
INLINE int is_shift(const scant_window *w, const overlap *o) {
  return w->stride_x == 1 && w->stride_y == 1 && w->width == w->out_width
         && o->top < o->bottom && o->left < o->right;
}

INLINE void clear_sides(const scant_window *w, const overlap *o, float *R plane) {
  for (long y = o->top; y < o->bottom; y++) {
    float *R row = plane + y * w->out_width;
    for (long i = 0; i < o->left; i++) row[i] = 0;
    for (long i = o->right; i < w->out_width; i++) row[i] = 0;
  }
}

HOT void scant_im2col(const scant_window *w, const float *x, float *columns, long ld) {
  for (long c = 0; c < w->channels; c++, x += w->height * w->width)
    for (long ky = 0; ky < w->kernel_height; ky++)
      for (long kx = 0; kx < w->kernel_width; kx++, columns += ld) {
        overlap o = find_overlap(w, ky, kx);
        long n = w->out_width;
        memset(columns, 0, (size_t)(o.top * n) * sizeof(float));
        if (is_shift(w, &o)) {
          long first = o.top * n + o.left, last = (o.bottom - 1) * n + o.right;
          memcpy(columns + first, x + o.origin + first, (size_t)(last - first) * sizeof(float));
          clear_sides(w, &o, columns);
        } else {
          for (long y = o.top; y < o.bottom; y++)
            spread_row(
                x + o.origin + y * w->stride_y * w->width, w->stride_x, o.left, o.right, n,
                columns + y * n);
        }
        memset(columns + o.bottom * n, 0, (size_t)((w->out_height - o.bottom) * n) * sizeof(float));
      }
}

HOT void scant_col2im(const scant_window *w, float *columns, long ld, float *x) {
  for (long c = 0; c < w->channels; c++, x += w->height * w->width)
    for (long ky = 0; ky < w->kernel_height; ky++)
      for (long kx = 0; kx < w->kernel_width; kx++, columns += ld) {
        overlap o = find_overlap(w, ky, kx);
        if (is_shift(w, &o)) {
          clear_sides(w, &o, columns);
          long first = o.top * w->width + o.left, last = (o.bottom - 1) * w->width + o.right;
          float *R to = x + o.origin;
          const float *R from = columns;
          for (long i = first; i < last; i++) to[i] += from[i];
          continue;
        }
        for (long y = o.top; y < o.bottom; y++) {
          float *R to = x + o.origin + y * w->stride_y * w->width;
          const float *R from = columns + y * w->out_width;
          for (long i = o.left; i < o.right; i++) to[i * w->stride_x] += from[i];
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
