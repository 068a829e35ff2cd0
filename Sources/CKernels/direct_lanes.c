// Direct convolution with outputs across the lanes: a matrix product whose rows are read in place,
// because the 3 · inputs values that a row of the window sees lie side by side.
#include "CKernels.h"
#include "direct_parts.h"

enum { COLUMNS = 12, REST = 4, TAPS = 9 };  // of the micro kernels

// Scratch: rows of x with a border, weights [panels, 9 · inputs, 16], and sums as doubles.
typedef struct { long panels, row, rows, taps, sums; } lanes_plan;

INLINE lanes_plan plan_lanes(const direct_part *p) {
  long panels = quotient_up(p->outputs, LANES16), taps = 9 * p->inputs;
  long row = (p->width + 2 + COLUMNS) * p->inputs;
  return (lanes_plan){panels, row, round_up((p->rows + 2) * row, LANES16), taps,
                      panels * taps * LANES16 * 2};
}

long scant_direct_lanes_scratch(const direct_part *p) {
  lanes_plan plan = plan_lanes(p);
  return plan.rows + plan.sums + plan.panels * most(plan.taps, 4) * LANES16;
}

// The part's rows, one more above and below, and zeros around the image.
static void copy_rows(const direct_part *p, const float *x, float *rows, long row) {
  long c = p->inputs, n = p->width * c;
  for (long r = 0; r < p->rows + 2; r++, rows += row) {
    long y = p->first + r - 1;
    if (y < 0 || y >= p->height) {
      memset(rows, 0, (size_t)row * sizeof(float));
      continue;
    }
    memset(rows, 0, (size_t)c * sizeof(float));
    memcpy(rows + c, x + row_offset(p, y, c), (size_t)n * sizeof(float));
    memset(rows + c + n, 0, (size_t)(row - c - n) * sizeof(float));
  }
}

// ---- Forward

static void pack_weights(const direct_part *p, const direct_weights *w, float *packed) {
  for (long first = 0; first < p->outputs; first += LANES16)
    for (int ky = 0; ky < 3; ky++)
      for (int kx = 0; kx < 3; kx++)
        for (long c = 0; c < p->inputs; c++)
          for (long d = first; d < first + LANES16; d++)
            *packed++ = d < p->outputs ? weight_at(p, w, d, c, 3 * ky + kx) : 0;
}

enum { WHOLE, PART, STREAM };  // how vectors of outputs are stored

// `width` panels of one row of outputs, at y; `lanes` of the last one exist.
typedef struct {
  const float *weights;
  v16 bias[2];
  float *y;
  long lanes;
  v16 sums[2][2];  // Σ y, Σ y² per panel
} lanes_target;

// Stores the first `valid` of `count` columns and adds them up.
INLINE void store_columns(
    const direct_part *p, int store, int count, int width, v16 sum[COLUMNS][2], lanes_target *to,
    long column, long valid) {
  UNROLL for (int j = 0; j < width; j++) {
    float *y = to->y + column * p->outputs + j * LANES16;
    v16 total = SPLAT(0), squares = SPLAT(0);
    UNROLL for (int r = 0; r < count; r++)
      if (r < valid) {
        if (store == STREAM) STREAM16(y + r * p->outputs, sum[r][j]);
        else if (store == WHOLE || j + 1 < width) AT16(y + r * p->outputs) = sum[r][j];
        else store_first(y + r * p->outputs, &sum[r][j], to->lanes);
        total += sum[r][j];
        squares += sum[r][j] * sum[r][j];
      }
    to->sums[0][j] += total;
    to->sums[1][j] += squares;
  }
}

// `count` columns from `column` on, of which the first `valid` are stored.
INLINE void convolve_columns(
    const direct_part *p, int store, int count, int width, long c, const float *x, long row,
    lanes_target *to, long column, long valid) {
  v16 sum[COLUMNS][2];
  UNROLL for (int r = 0; r < count; r++)
    UNROLL for (int j = 0; j < width; j++) sum[r][j] = to->bias[j];
  const float *w = to->weights;
  x += column * c;
  for (int ky = 0; ky < 3; ky++, x += row)
    for (long k = 0; k < 3 * c; k++, w += LANES16) {
      v16 weight[2];
      UNROLL for (int j = 0; j < width; j++) weight[j] = AT16(w + j * 9 * c * LANES16);
      UNROLL for (int r = 0; r < count; r++) {
        v16 value = SPLAT(x[r * c + k]);
        UNROLL for (int j = 0; j < width; j++) sum[r][j] += value * weight[j];
      }
    }
  store_columns(p, store, count, width, sum, to, column, valid);
}

INLINE void convolve_row(
    const direct_part *p, int store, int count, int width, long c, const float *x, long row,
    lanes_target *to) {
  long i = 0;
  for (; i + count <= p->width; i += count)
    convolve_columns(p, store, count, width, c, x, row, to, i, count);
  for (; i < p->width; i += REST)
    convolve_columns(p, store, REST, width, c, x, row, to, i, least(REST, p->width - i));
}

// One input channel has compile-time addresses of its own.
INLINE void convolve_any_row(
    const direct_part *p, int store, int count, int width, const float *x, long row,
    lanes_target *to) {
  if (p->inputs == 1) convolve_row(p, store, count, width, 1, x, row, to);
  else convolve_row(p, store, count, width, p->inputs, x, row, to);
}

INLINE void convolve_width(
    const direct_part *p, int count, int width, const float *x, long row, int stream,
    lanes_target *to) {
  if (stream) convolve_any_row(p, STREAM, count, width, x, row, to);
  else if (to->lanes == LANES16) convolve_any_row(p, WHOLE, count, width, x, row, to);
  else convolve_any_row(p, PART, count, width, x, row, to);
}

HOT static void convolve_panels(
    const direct_part *p, int width, long panel, const float *x, long row, const float *packed,
    const float *bias, float *y, int stream, double *sums) {
  long channel = panel * LANES16, all = quotient_up(p->outputs, LANES16) * LANES16;
  lanes_target to = {.weights = packed, .y = y + channel};
  to.lanes = least(LANES16, p->outputs - channel - (width - 1) * LANES16);
  for (int j = 0; j < width; j++) {
    long first = channel + j * LANES16;
    to.bias[j] = SPLAT(0);
    if (bias) load_first(bias + first, least(LANES16, p->outputs - first), &to.bias[j]);
    to.sums[0][j] = to.sums[1][j] = SPLAT(0);
  }
  if (!has_wide_registers()) convolve_width(p, REST, 1, x, row, stream, &to);
  else if (width == 2) convolve_width(p, COLUMNS, 2, x, row, stream, &to);
  else convolve_width(p, COLUMNS, 1, x, row, stream, &to);
  for (int k = 0; k < 2; k++)
    for (int j = 0; j < width; j++) ADD_WIDE(sums + k * all + channel + j * LANES16, to.sums[k][j]);
}

void scant_direct_lanes_forward(
    const direct_part *p, const float *x, const direct_weights *w, const float *bias, float *y,
    int stream, double *sums, float *scratch) {
  lanes_plan plan = plan_lanes(p);
  float *packed = scratch + plan.rows;
  double *padded = (double *)(void *)(packed + plan.panels * plan.taps * LANES16);
  long all = plan.panels * LANES16;
  memset(padded, 0, (size_t)all * 2 * sizeof(double));
  copy_rows(p, x, scratch, plan.row);
  pack_weights(p, w, packed);
  int pairs = has_wide_registers() ? 2 : 1;
  for (long r = 0; r < p->rows; r++)
    for (long j = 0; j < plan.panels; j += pairs)
      convolve_panels(
          p, (int)least(pairs, plan.panels - j), j, scratch + r * plan.row, plan.row,
          packed + j * plan.taps * LANES16, bias, y + row_offset(p, p->first + r, p->outputs),
          stream, padded);
  if (stream) finish_streaming();
  if (sums)
    for (long k = 0; k < 2; k++)
      memcpy(sums + k * p->outputs, padded + k * all, (size_t)p->outputs * sizeof(double));
}

// ---- Gradient of the weights

// Σ over one row: `rows` rows of the window, `taps` values in each, `width` panels of outputs.
INLINE void gradient_taps(
    const direct_part *p, int rows, int taps, int width, long c, const float *x, long row,
    const float *dy, double *sums, long panel) {
  v16 sum[TAPS][2];
  UNROLL for (int k = 0; k < rows * taps; k++)
    UNROLL for (int j = 0; j < width; j++) sum[k][j] = SPLAT(0);
  for (long i = 0; i < p->width; i++, x += c, dy += p->outputs) {
    v16 gradient[2];
    UNROLL for (int j = 0; j < width; j++) gradient[j] = AT16(dy + j * LANES16);
    UNROLL for (int k = 0; k < rows * taps; k++) {
      v16 value = SPLAT(x[k / taps * row + k % taps]);
      UNROLL for (int j = 0; j < width; j++) sum[k][j] += value * gradient[j];
    }
  }
  UNROLL for (int k = 0; k < rows * taps; k++)
    UNROLL for (int j = 0; j < width; j++)
      ADD_WIDE(sums + j * panel + k * LANES16, sum[k][j]);
}

INLINE void gradient_row(
    const direct_part *p, int wide, int width, const float *x, long row, const float *dy,
    double *sums, long panel) {
  long c = p->inputs;
  if (wide && c == 1) return gradient_taps(p, 3, 3, width, 1, x, row, dy, sums, panel);
  for (int ky = 0; ky < 3; ky++)
    for (long k = 0; k < 3 * c; ) {
      const float *from = x + ky * row + k;
      double *to = sums + (ky * 3 * c + k) * LANES16;
      if (wide && k + 9 <= 3 * c) gradient_taps(p, 1, 9, width, c, from, row, dy, to, panel), k += 9;
      else gradient_taps(p, 1, 3, width, c, from, row, dy, to, panel), k += 3;
    }
}

HOT static void gradient_panels(
    const direct_part *p, int width, const float *x, long row, const float *dy, double *sums,
    long panel) {
  int wide = has_wide_registers();
  if (wide && width == 2) gradient_row(p, 1, 2, x, row, dy, sums, panel);
  else if (wide) gradient_row(p, 1, 1, x, row, dy, sums, panel);
  else gradient_row(p, 0, 1, x, row, dy, sums, panel);
}

static void store_gradients(const direct_part *p, const lanes_plan *plan, const double *sums,
                         double *dw) {
  for (long d = 0; d < p->outputs; d++)
    for (long c = 0; c < p->inputs; c++)
      for (long k = 0; k < 9; k++, dw++)
        *dw = sums[(d / LANES16 * plan->taps + k * p->inputs + c) * LANES16 + d % LANES16];
}

void scant_direct_lanes_gradient(
    const direct_part *p, const float *x, const float *dy, double *dw, float *scratch) {
  lanes_plan plan = plan_lanes(p);
  double *sums = (double *)(void *)(scratch + plan.rows);
  memset(sums, 0, (size_t)(plan.panels * plan.taps * LANES16) * sizeof(double));
  copy_rows(p, x, scratch, plan.row);
  long pairs = has_wide_registers() ? 2 : 1, panel = plan.taps * LANES16;
  for (long r = 0; r < p->rows; r++)
    for (long j = 0; j < plan.panels; j += pairs)
      gradient_panels(
          p, (int)least(pairs, plan.panels - j), scratch + r * plan.row, plan.row,
          dy + row_offset(p, p->first + r, p->outputs) + j * LANES16, sums + j * panel, panel);
  store_gradients(p, &plan, sums, dw);
}
