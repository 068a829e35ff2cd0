// Direct convolution with columns of the image across the lanes. Channels are first separated into
// planes, which is cheap for few channels.
#include "CKernels.h"
#include "direct_parts.h"

enum { OUTPUTS = 4, VECTORS = 4 };  // of the micro kernels

// A plane is the part's rows and one more above and below; its first column lies outside the image.
typedef struct { long row, plane, in, out, weights; } planes_plan;

INLINE planes_plan plan_planes(const direct_part *p) {
  long row = round_up(p->width, LANES16) + LANES16, plane = (p->rows + 2) * row;
  return (planes_plan){row, plane, p->inputs * plane, p->outputs * plane,
                       round_up(p->inputs * p->outputs * 9, LANES16)};
}

long scant_direct_planes_scratch(const direct_part *p) {
  planes_plan plan = plan_planes(p);
  return plan.in + plan.out + plan.weights;
}

// ---- Channels to planes and back

INLINE void pull_apart(const float *R x, long n, long c, float *R to, long plane) {
  for (long i = 0; i < n; i++)
    for (long k = 0; k < c; k++) to[k * plane + i] = x[i * c + k];
}

INLINE void put_together(const float *R from, long plane, long n, long c, float *R y) {
  for (long i = 0; i < n; i++)
    for (long k = 0; k < c; k++) y[i * c + k] = from[k * plane + i];
}

// Fixed numbers of channels become shuffles of vectors.
#define FOR_CHANNELS(c, call) \
  switch (c) {                \
    case 1: { enum { N = 1 }; call; break; } \
    case 4: { enum { N = 4 }; call; break; } \
    case 8: { enum { N = 8 }; call; break; } \
    default: { long N = c; call; }           \
  }

// Rows [first, first + rows) of an image, zeros outside of it, as planes whose rows are `row` long;
// column 0 is at `shift` in them.
HOT static void split_rows(
    const direct_part *p, const float *x, long channels, long first, long rows, long shift,
    const planes_plan *plan, float *to) {
  long n = p->width, row = plan->row, plane = plan->plane;
  for (long r = 0; r < rows; r++, to += row) {
    long y = first + r;
    int inside = y >= 0 && y < p->height;
    for (long c = 0; c < channels; c++) {
      float *start = to + c * plane;
      if (!inside) memset(start, 0, (size_t)row * sizeof(float));
      for (long i = 0; i < shift; i++) start[i] = 0;
      for (long i = shift + n; i < row; i++) start[i] = 0;
    }
    const float *from = x + row_offset(p, y, channels);
    if (inside) FOR_CHANNELS(channels, pull_apart(from, n, N, to + shift, plane))
  }
}

HOT static void join_rows(
    const direct_part *p, const float *from, const planes_plan *plan, float *y) {
  for (long r = 0; r < p->rows; r++, from += plan->row, y += p->width * p->outputs)
    FOR_CHANNELS(p->outputs, put_together(from, plan->plane, p->width, N, y))
}

// ---- Forward

// `outputs` planes of one row, `vectors` vectors from column `column` on.
INLINE void convolve_vectors(
    const direct_part *p, const planes_plan *plan, int outputs, int vectors, const float *x,
    const float *w, const float *bias, float *to, long column) {
  v16 sum[OUTPUTS][VECTORS];
  UNROLL for (int d = 0; d < outputs; d++)
    UNROLL for (int i = 0; i < vectors; i++) sum[d][i] = SPLAT(bias ? bias[d] : 0);
  for (long c = 0; c < p->inputs; c++)
    for (int ky = 0; ky < 3; ky++) {
      const float *row = x + c * plan->plane + ky * plan->row + column;
      const float *taps = w + c * 9 + ky * 3;
      UNROLL for (int kx = 0; kx < 3; kx++) {
        v16 value[VECTORS];
        UNROLL for (int i = 0; i < vectors; i++) value[i] = AT16(row + kx + i * LANES16);
        UNROLL for (int d = 0; d < outputs; d++) {
          v16 weight = SPLAT(taps[d * 9 * p->inputs + kx]);
          UNROLL for (int i = 0; i < vectors; i++) sum[d][i] += value[i] * weight;
        }
      }
    }
  UNROLL for (int d = 0; d < outputs; d++)
    UNROLL for (int i = 0; i < vectors; i++)
      AT16(to + d * plan->plane + column + i * LANES16) = sum[d][i];
}

INLINE void convolve_rows(
    const direct_part *p, const planes_plan *plan, int outputs, int vectors, const float *x,
    const float *w, const float *bias, float *to) {
  for (long r = 0; r < p->rows; r++, x += plan->row, to += plan->row) {
    long i = 0;
    for (; i + vectors * LANES16 <= p->width; i += vectors * LANES16)
      convolve_vectors(p, plan, outputs, vectors, x, w, bias, to, i);
    for (; i < p->width; i += LANES16) convolve_vectors(p, plan, outputs, 1, x, w, bias, to, i);
  }
}

HOT static void convolve_planes(
    const direct_part *p, const planes_plan *plan, const float *x, const float *w,
    const float *bias, float *to) {
  int wide = has_wide_registers();
  for (long d = 0; d < p->outputs; ) {
    const float *weights = w + d * p->inputs * 9, *shift = bias ? bias + d : 0;
    float *plane = to + d * plan->plane;
    if (d + 4 > p->outputs)
      convolve_rows(p, plan, 1, VECTORS, x, weights, shift, plane), d += 1;
    else if (wide) convolve_rows(p, plan, 4, VECTORS, x, weights, shift, plane), d += 4;
    else convolve_rows(p, plan, 4, 1, x, weights, shift, plane), d += 4;
  }
}

// Σ y and Σ y² of a plane; single precision only within a row.
HOT static void sum_plane(
    const direct_part *p, const float *y, long row, double *total, double *total_squares) {
  double sums[LANES16] = {0}, squares[LANES16] = {0};
  for (long r = 0; r < p->rows; r++, y += row) {
    v16 sum = SPLAT(0), square = SPLAT(0), value;
    for (long i = 0; i < p->width; i += LANES16) {
      if (i + LANES16 <= p->width) value = AT16(y + i);
      else load_first(y + i, p->width - i, &value);
      sum += value;
      square += value * value;
    }
    ADD_WIDE(sums, sum);
    ADD_WIDE(squares, square);
  }
  *total = *total_squares = 0;
  for (int l = 0; l < LANES16; l++) *total += sums[l], *total_squares += squares[l];
}

void scant_direct_planes_forward(
    const direct_part *p, const float *x, const direct_weights *w, const float *bias, float *y,
    double *sums, float *scratch) {
  planes_plan plan = plan_planes(p);
  float *out = scratch + plan.in, *weights = out + plan.out;
  for (long d = 0; d < p->outputs; d++)
    for (long c = 0; c < p->inputs; c++)
      for (int k = 0; k < 9; k++) weights[(d * p->inputs + c) * 9 + k] = weight_at(p, w, d, c, k);
  split_rows(p, x, p->inputs, p->first - 1, p->rows + 2, 1, &plan, scratch);
  convolve_planes(p, &plan, scratch, weights, bias, out);
  join_rows(p, out, &plan, y + row_offset(p, p->first, p->outputs));
  for (long d = 0; sums && d < p->outputs; d++)
    sum_plane(p, out + d * plan.plane, plan.row, sums + d, sums + p->outputs + d);
}

// ---- Gradient of the weights

// Taps (ky, 0…2) of one input plane x against `outputs` planes of gradients, over the whole part.
INLINE void gradient_taps(
    const direct_part *p, const planes_plan *plan, int outputs, const float *x, const float *dy,
    double *dw) {
  v16 sum[OUTPUTS][3];
  UNROLL for (int d = 0; d < outputs; d++)
    UNROLL for (int k = 0; k < 3; k++) sum[d][k] = SPLAT(0);
  for (long r = 0; r < p->rows; r++, x += plan->row, dy += plan->row)
    for (long i = 0; i < p->width; i += LANES16) {
      v16 value[3];
      UNROLL for (int k = 0; k < 3; k++) value[k] = AT16(x + i + k);
      UNROLL for (int d = 0; d < outputs; d++) {
        v16 gradient = AT16(dy + d * plan->plane + i);
        UNROLL for (int k = 0; k < 3; k++) sum[d][k] += gradient * value[k];
      }
    }
  UNROLL for (int d = 0; d < outputs; d++)
    UNROLL for (int k = 0; k < 3; k++) {
      double lane[LANES16] = {0}, total = 0;
      ADD_WIDE(lane, sum[d][k]);
      for (int l = 0; l < LANES16; l++) total += lane[l];
      dw[d * p->inputs * 9 + k] = total;
    }
}

HOT static void gradient_planes(
    const direct_part *p, const planes_plan *plan, const float *x, const float *dy, double *dw) {
  int wide = has_wide_registers();
  for (long c = 0; c < p->inputs; c++)
    for (int ky = 0; ky < 3; ky++)
      for (long d = 0; d < p->outputs; ) {
        const float *from = x + c * plan->plane + ky * plan->row, *gradients = dy + d * plan->plane;
        double *to = dw + (d * p->inputs + c) * 9 + ky * 3;
        if (wide && d + 4 <= p->outputs) gradient_taps(p, plan, 4, from, gradients, to), d += 4;
        else if (d + 2 <= p->outputs) gradient_taps(p, plan, 2, from, gradients, to), d += 2;
        else gradient_taps(p, plan, 1, from, gradients, to), d += 1;
      }
}

void scant_direct_planes_gradient(
    const direct_part *p, const float *x, const float *dy, double *dw, float *scratch) {
  planes_plan plan = plan_planes(p);
  float *gradients = scratch + plan.in;
  split_rows(p, x, p->inputs, p->first - 1, p->rows + 2, 1, &plan, scratch);
  split_rows(p, dy, p->outputs, p->first, p->rows, 0, &plan, gradients);
  gradient_planes(p, &plan, scratch, gradients, dw);
}
