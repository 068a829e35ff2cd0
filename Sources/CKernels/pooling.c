// Max-pooling of one output row [W′, C].
#include "CKernels.h"
#include "hot.h"

// index: where the maximum lay, in positions of the input plane.
HOT void scant_max_pool(
    const scant_window *w, const float *R x, float *R y, int32_t *R index, long oy) {
  long n = w->channels;
  for (long ox = 0; ox < w->out_width; ox++, y += n, index += n) {
    long start = oy * w->stride_y * w->width + ox * w->stride_x;
    for (long c = 0; c < n; c++) y[c] = x[start * n + c], index[c] = (int32_t)start;
    for (long ky = 0; ky < w->kernel_height; ky++)
      for (long kx = 0; kx < w->kernel_width; kx++) {
        long here = start + ky * w->width + kx;
        for (long c = 0; c < n; c++) {
          float v = x[here * n + c];
          index[c] = v > y[c] ? (int32_t)here : index[c];
          y[c] = v > y[c] ? v : y[c];
        }
      }
  }
}

void scant_max_pool_back(
    const scant_window *w, const int32_t *R index, const float *R dy, float *R dx) {
  long n = w->channels;
  memset(dx, 0, (size_t)(w->height * w->width * n) * sizeof(float));
  for (long i = 0; i < w->out_height * w->out_width * n; i++) dx[index[i] * n + i % n] += dy[i];
}
