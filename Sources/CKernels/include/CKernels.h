// The hot loops of Scant, one family a file. All arrays are row-major float32; no function
// allocates, locks or remembers anything, except the thread pool. B images or clips, C channels,
// P = H·W positions of a plane.
#ifndef SCANT_CKERNELS_H
#define SCANT_CKERNELS_H

#include "attention.h"
#include "gemm.h"
#include "rows.h"
#include <stdint.h>

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
/// Inverted dropout: y = 0 with probability `rate`, else x / (1 - rate). Element i's draw depends
/// on (seed, first + i) alone.
void scant_dropout(
    const float *x, uint64_t seed, long first, float rate, float *y, long n);

// strided.c — rank <= 8; a stride of 0 repeats
void scant_binary_strided(
    int op, int rank, const long *shape, const float *a, const long *a_strides, const float *b,
    const long *b_strides, float *y);
void scant_gather(
    int rank, const long *shape, const float *x, const long *strides, float *y);

// reduce.c — x is [outer, n, inner], y is [outer, inner]
double scant_total(const float *x, long n);
void scant_sum(const float *x, long outer, long n, long inner, float *y);
void scant_max(const float *x, long outer, long n, long inner, float *y, int32_t *index);
void scant_max_back(
    const int32_t *index, const float *dy, long outer, long n, long inner, float *dx);
/// y[i] = sum over k of x[k, i], in order of k.
void scant_sum_rows(const float *x, long rows, long n, float *y);

// convolution.c — one image at a time; column matrices are [C·kh·kw, ld]
typedef struct {
  long channels, height, width;      // of the input
  long kernel_height, kernel_width;
  long stride_y, stride_x, padding_y, padding_x;
  long out_height, out_width;
} scant_window;
void scant_im2col(const scant_window *w, const float *x, float *columns, long ld);
/// Adds the columns back onto x, which the caller has cleared; changes the columns.
void scant_col2im(const scant_window *w, float *columns, long ld, float *x);
/// y[r, 0..<n] = x[r, 0..<n] for rows of the given strides.
void scant_copy_rows(
    const float *x, long x_stride, float *y, long y_stride, long rows, long n);
/// x[r, i] += bias[r] for x [rows, n].
void scant_add_bias(float *x, const float *bias, long rows, long n);

// normalization.c — channel c of x [B, C, P]
void scant_moments(
    const float *x, long b, long channels, long p, long c, double *mean, double *variance);
void scant_normalize(
    const float *x, long b, long channels, long p, long c, float scale, float shift, int relu,
    float *y);
/// sums[0] = Σ dy, sums[1] = Σ dy·(x - mean); y masks dy where a ReLU followed (NULL: none).
void scant_normalize_sums(
    const float *x, const float *dy, const float *y, long b, long channels, long p, long c,
    float mean, double *sums);
/// dx = a·dy + k·(x - mean) + m, dy masked as above.
void scant_normalize_back(
    const float *x, const float *dy, const float *y, long b, long channels, long p, long c,
    float mean, float a, float k, float m, float *dx);

// pooling.c — one plane; index is the position of the maximum in the input plane
void scant_max_pool(const scant_window *w, const float *x, float *y, int32_t *index);
void scant_max_pool_back(const scant_window *w, const int32_t *index, const float *dy, float *dx);

// loss.c — binary cross-entropy; returns Σ m·l and writes m·dl/dx into `slope`
double scant_bce_logits(
    const float *z, const float *y, const float *m, float *slope, long n);
double scant_bce_probabilities(
    const float *p, const float *y, const float *m, float *slope, long n);

// adam.c
typedef struct {
  float beta1, beta2, epsilon, step, root_correction, coupled_decay, kept;
} scant_adam_settings;
/// m, v and the parameter are read from one set of arrays and written to another.
void scant_adam(
    const scant_adam_settings *s, const float *p, const float *g, const float *m, const float *v,
    float *p_new, float *m_new, float *v_new, long n);

#endif
