// Depthwise convolution of channels-last images: channels lie side by side, so they fill the lanes.
#include "CKernels.h"
#include "lanes.h"

typedef float v8_memory __attribute__((vector_size(32), aligned(4), may_alias));
typedef float v1_memory __attribute__((may_alias));

enum { PIXELS = 4 };  // outputs that share a load of the kernel

// The taps [top, bottom) × [left, right) of a window that lie inside the image, and the distances
// in floats between rows of the image, neighbouring windows and rows of the kernel.
typedef struct {
  long channels, top, bottom, left, right, line, step, kernel_line;
} taps;

// `count` outputs side by side. x is where tap (0, 0) of the first window would lie.
#define OUTPUTS(NAME, VECTOR)                                                                      \
  INLINE void NAME(                                                                                \
      const taps *t, const float *x, const float *kernel, const float *bias, float *y,             \
      const int count) {                                                                           \
    VECTOR sum[PIXELS];                                                                            \
    UNROLL for (int i = 0; i < count; i++)                                                         \
      sum[i] = bias ? *(const VECTOR *)bias : (VECTOR){0};                                         \
    for (long ky = t->top; ky < t->bottom; ky++)                                                   \
      for (long kx = t->left; kx < t->right; kx++) {                                               \
        VECTOR weight = *(const VECTOR *)(kernel + ky * t->kernel_line + kx * t->channels);        \
        const float *from = x + ky * t->line + kx * t->channels;                                   \
        UNROLL for (int i = 0; i < count; i++)                                                     \
          sum[i] += weight * *(const VECTOR *)(from + i * t->step);                                \
      }                                                                                            \
    UNROLL for (int i = 0; i < count; i++) *(VECTOR *)(y + i * t->channels) = sum[i];              \
  }
OUTPUTS(outputs_16, v16_memory)
OUTPUTS(outputs_8, v8_memory)
OUTPUTS(outputs_1, v1_memory)

// All channels of `count` outputs.
INLINE void outputs(
    const taps *t, const float *x, const float *kernel, const float *bias, float *y,
    const int count) {
  long c = 0;
#define BIAS (bias ? bias + c : 0)
  for (; c + 16 <= t->channels; c += 16) outputs_16(t, x + c, kernel + c, BIAS, y + c, count);
  for (; c + 8 <= t->channels; c += 8) outputs_8(t, x + c, kernel + c, BIAS, y + c, count);
  for (; c < t->channels; c++) outputs_1(t, x + c, kernel + c, BIAS, y + c, count);
#undef BIAS
}

// The taps of a window that starts at `start` and lie in 0..<length.
INLINE void inside(long start, long length, long kernel, long *first, long *last) {
  *first = least(most(-start, 0), kernel);
  *last = most(least(length - start, kernel), *first);
}

HOT void scant_depthwise(
    const scant_window *w, const float *R x, const float *R kernel, const float *R bias,
    float *R y, long oy) {
  long c = w->channels, top = oy * w->stride_y - w->padding_y;
  taps t = {.channels = c, .line = w->width * c, .step = w->stride_x * c,
            .kernel_line = w->kernel_width * c};
  inside(top, w->height, w->kernel_height, &t.top, &t.bottom);
  for (long ox = 0; ox < w->out_width;) {
    long left = ox * w->stride_x - w->padding_x;
    long end = left + (PIXELS - 1) * w->stride_x + w->kernel_width;
    const float *from = x + (top * w->width + left) * c;
    inside(left, w->width, w->kernel_width, &t.left, &t.right);
    if (left >= 0 && end <= w->width && ox + PIXELS <= w->out_width) {
      outputs(&t, from, kernel, bias, y + ox * c, PIXELS);
      ox += PIXELS;
    } else {
      outputs(&t, from, kernel, bias, y + ox * c, 1);
      ox++;
    }
  }
}

HOT void scant_depthwise_input_gradient(
    const scant_window *w, const float *R dy, const float *R kernel, float *R dx, long iy) {
  long c = w->channels;
  memset(dx, 0, (size_t)(w->width * c) * sizeof(float));
  for (long ky = 0; ky < w->kernel_height; ky++) {
    long at = iy + w->padding_y - ky, oy = at / w->stride_y;
    if (at < 0 || at % w->stride_y != 0 || oy >= w->out_height) continue;
    for (long ox = 0; ox < w->out_width; ox++) {
      long left = ox * w->stride_x - w->padding_x, first, last;
      inside(left, w->width, w->kernel_width, &first, &last);
      const float *R gradient = dy + (oy * w->out_width + ox) * c;
      for (long kx = first; kx < last; kx++) {
        const float *R weight = kernel + (ky * w->kernel_width + kx) * c;
        float *R to = dx + (left + kx) * c;
        for (long k = 0; k < c; k++) to[k] += gradient[k] * weight[k];
      }
    }
  }
}

HOT void scant_depthwise_kernel_gradient(
    const scant_window *w, const float *R x, const float *R dy, float *R row, double *R sums,
    long oy) {
  long c = w->channels, top = oy * w->stride_y - w->padding_y, first_row, last_row;
  long count = w->kernel_height * w->kernel_width * c;
  memset(row, 0, (size_t)count * sizeof(float));
  inside(top, w->height, w->kernel_height, &first_row, &last_row);
  for (long ky = first_row; ky < last_row; ky++)
    for (long ox = 0; ox < w->out_width; ox++) {
      long left = ox * w->stride_x - w->padding_x, first, last;
      inside(left, w->width, w->kernel_width, &first, &last);
      const float *R gradient = dy + ox * c;
      for (long kx = first; kx < last; kx++) {
        const float *R from = x + ((top + ky) * w->width + left + kx) * c;
        float *R to = row + (ky * w->kernel_width + kx) * c;
        for (long k = 0; k < c; k++) to[k] += gradient[k] * from[k];
      }
    }
  for (long i = 0; i < count; i++) sums[i] += (double)row[i];
}
