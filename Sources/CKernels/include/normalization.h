// normalization.c, normalization_pool.c — batch normalisation of x [rows, C]
#ifndef SCANT_NORMALIZATION_H
#define SCANT_NORMALIZATION_H

#include <stdint.h>

/// sums[c] += Σ (x - center), sums[C + c] += Σ (x - center)².
void scant_moment_sums(
    const float *x, long rows, long channels, const float *center, double *sums);
/// y = x·scale + shift (+ added), then max(·, 0) if relu.
void scant_normalize(
    const float *x, long rows, long channels, const float *scale, const float *shift,
    const float *added, int relu, float *y);
/// sums[c] += Σ dy, sums[C + c] += Σ dy·(x - mean); y masks dy where a ReLU followed (NULL: none).
void scant_normalize_sums(
    const float *x, const float *dy, const float *y, long rows, long channels,
    const float *mean, double *sums);
/// dx = a·dy + k·(x - mean) + m per channel, dy masked as above.
typedef struct { const float *mean, *a, *k, *m; } scant_gradient_terms;
/// `added` (or NULL) receives the masked dy.
void scant_normalize_back(
    const float *x, const float *dy, const float *y, long rows, long channels,
    const scant_gradient_terms *t, float *dx, float *added);

// normalization_pool.c — row: one row of windows of the stack of images, [B·H′]
typedef struct {
  long height, width, channels;  // of the input
  long kernel_height, kernel_width, out_height, out_width;
  int relu;
} scant_pooled;
enum { SCANT_NOBODY = 255 };  // the position of the maximum if ReLU zeroed the whole window
void scant_normalize_pool(
    const scant_pooled *p, const float *x, const float *added, const float *scale,
    const float *shift, float *y, uint8_t *winner, long row);
void scant_pooled_sums(
    const scant_pooled *p, const float *x, const float *dy, const uint8_t *winner,
    const float *mean, double *sums, long row);
void scant_pooled_back(
    const scant_pooled *p, const float *x, const float *dy, const uint8_t *winner,
    const scant_gradient_terms *t, float *dx, float *added, long row);

#endif
