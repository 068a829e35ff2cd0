// Max-pooling of one plane; the 2×2 case, which every CNN here uses, has its own loop.
#include "CKernels.h"
#include "hot.h"

INLINE int is_halving(const scant_window *w) {
  return w->kernel_height == 2 && w->kernel_width == 2 && w->stride_y == 2 && w->stride_x == 2;
}

INLINE void halve_row(
    const float *R above, const float *R below, int32_t start, int32_t width, long n, float *R y,
    int32_t *R index) {
  for (long i = 0; i < n; i++) {
    float a = above[2 * i], b = above[2 * i + 1], c = below[2 * i], d = below[2 * i + 1];
    int32_t at = start + 2 * (int32_t)i;
    float top = b > a ? b : a, bottom = d > c ? d : c;
    int32_t top_at = b > a ? at + 1 : at, bottom_at = d > c ? at + width + 1 : at + width;
    y[i] = bottom > top ? bottom : top;
    index[i] = bottom > top ? bottom_at : top_at;
  }
}

HOT void scant_max_pool(const scant_window *w, const float *x, float *y, int32_t *index) {
  for (long oy = 0; oy < w->out_height; oy++) {
    long row = oy * w->stride_y;
    float *out = y + oy * w->out_width;
    int32_t *at = index + oy * w->out_width;
    if (is_halving(w)) {
      halve_row(
          x + row * w->width, x + (row + 1) * w->width, (int32_t)(row * w->width),
          (int32_t)w->width, w->out_width, out, at);
      continue;
    }
    for (long ox = 0; ox < w->out_width; ox++) {
      long best = row * w->width + ox * w->stride_x;
      for (long ky = 0; ky < w->kernel_height; ky++)
        for (long kx = 0; kx < w->kernel_width; kx++) {
          long here = (row + ky) * w->width + ox * w->stride_x + kx;
          if (x[here] > x[best]) best = here;
        }
      out[ox] = x[best];
      at[ox] = (int32_t)best;
    }
  }
}

void scant_max_pool_back(
    const scant_window *w, const int32_t *R index, const float *R dy, float *R dx) {
  memset(dx, 0, (size_t)(w->height * w->width) * sizeof(float));
  for (long i = 0; i < w->out_height * w->out_width; i++) dx[index[i]] += dy[i];
}
