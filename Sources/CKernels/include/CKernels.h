// The hot loops of Scant, one family a file. All arrays are row-major float32; no function
// allocates, locks or remembers anything, except the thread pool. B images or clips, C channels,
// which come last: [B, H, W, C].
#ifndef SCANT_CKERNELS_H
#define SCANT_CKERNELS_H

#include "attention.h"
#include "gemm.h"
#include "rows.h"
#include <stdint.h>

#include "average_pooling.h"
#include "decibels.h"
#include "direct.h"
#include "distances.h"
#include "dropout.h"
#include "harmonic.h"
#include "info_nce.h"
#include "logmel.h"
#include "normalize.h"
#include "optimizers.h"
#include "power.h"
#include "upsampling.h"
#include "winograd.h"

// pool.c — workers that sleep when idle; indices are claimed one by one.
typedef struct scant_pool scant_pool;
typedef void (*scant_body)(const void *context, long index);
scant_pool *scant_pool_create(int threads);
void scant_pool_run(scant_pool *pool, long count, scant_body body, const void *context);
/// Processor time the workers have used so far, s; 0 where the system does not say.
double scant_pool_seconds(const scant_pool *pool);
void scant_pool_destroy(scant_pool *pool);

// elementwise.c — y[i] = f(a[i], b[i]) for i < n
enum { SCANT_ADD, SCANT_SUBTRACT, SCANT_MULTIPLY, SCANT_DIVIDE };
void scant_binary(int op, const float *a, const float *b, float *y, long n);
/// y = p·a + q·b
void scant_blend(float p, const float *a, float q, const float *b, float *y, long n);
void scant_affine(const float *x, float scale, float shift, float *y, long n);
void scant_fill(float value, float *y, long n);
void scant_relu(const float *x, float *y, long n);
void scant_relu_back(const float *y, const float *dy, float *dx, long n);
void scant_clamp(const float *x, float low, float high, float *y, long n);
void scant_clamp_back(
    const float *x, float low, float high, const float *dy, float *dx, long n);
void scant_sigmoid(const float *x, float *y, long n);
void scant_sigmoid_back(const float *y, const float *dy, float *dx, long n);
void scant_exp(const float *x, float *y, long n);
void scant_log(const float *x, float *y, long n);

// strided.c — rank <= 8; a stride of 0 repeats
void scant_binary_strided(
    int op, int rank, const long *shape, const float *a, const long *a_strides, const float *b,
    const long *b_strides, float *y);
void scant_gather(
    int rank, const long *shape, const float *x, const long *strides, float *y);

// reduce.c — x is [outer, n, inner], y is [outer, inner]
double scant_total(const float *x, long n);
/// Σ x²
double scant_square_total(const float *x, long n);
void scant_sum(const float *x, long outer, long n, long inner, float *y);
void scant_max(const float *x, long outer, long n, long inner, float *y, int32_t *index);
void scant_max_back(
    const int32_t *index, const float *dy, long outer, long n, long inner, float *dx);
/// y[i] = sum over k of x[k, i], in order of k.
void scant_sum_rows(const float *x, long rows, long n, float *y);

// convolution.c — one output row oy of one image [H, W, C]; a row of `columns` is [kh, kw, C]
typedef struct {
  long channels, height, width;      // of the input
  long kernel_height, kernel_width;
  long stride_y, stride_x, padding_y, padding_x;
  long out_height, out_width;
} scant_window;
void scant_im2col(const scant_window *w, const float *x, float *columns, long oy);
/// Adds the columns back onto x, which the caller has cleared.
void scant_col2im(const scant_window *w, const float *columns, float *x, long oy);
/// y[r, 0..<n] = x[r, 0..<n] for rows of the given strides.
void scant_copy_rows(
    const float *x, long x_stride, float *y, long y_stride, long rows, long n);
/// x[r, i] += bias[i] for x [rows, n].
void scant_add_bias(float *x, const float *bias, long rows, long n);

// normalization.c — x [rows, C]
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
typedef struct { const float *mean, *a, *k, *m; } scant_slope_terms;
/// `added` (or NULL) receives the masked dy.
void scant_normalize_back(
    const float *x, const float *dy, const float *y, long rows, long channels,
    const scant_slope_terms *t, float *dx, float *added);

// normalization_pool.c — row: one row of windows of the stack of images, [B·H′]
typedef struct {
  long height, width, channels;  // of the input
  long kernel_height, kernel_width, out_height, out_width;
  int relu;
} scant_pooled;
enum { SCANT_NOBODY = 255 };  // the winner where a ReLU let nobody pass
void scant_normalize_pool(
    const scant_pooled *p, const float *x, const float *added, const float *scale,
    const float *shift, float *y, uint8_t *winner, long row);
void scant_pooled_sums(
    const scant_pooled *p, const float *x, const float *dy, const uint8_t *winner,
    const float *mean, double *sums, long row);
void scant_pooled_back(
    const scant_pooled *p, const float *x, const float *dy, const uint8_t *winner,
    const scant_slope_terms *t, float *dx, float *added, long row);

// pooling.c — one image; index is the position of the maximum in the input plane
void scant_max_pool(const scant_window *w, const float *x, float *y, int32_t *index, long oy);
void scant_max_pool_back(const scant_window *w, const int32_t *index, const float *dy, float *dx);

// loss.c — binary cross-entropy; returns Σ m·l and writes m·dl/dx into `slope`
double scant_bce_logits(
    const float *z, const float *y, const float *m, float *slope, long n);
double scant_bce_probabilities(
    const float *p, const float *y, const float *m, float *slope, long n);

#endif
