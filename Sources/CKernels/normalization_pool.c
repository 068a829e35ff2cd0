// Batch normalisation, residual, ReLU and max-pooling over windows that do not overlap, in one pass
// over memory, and their gradients, which touch only the maxima.
#include "CKernels.h"
#include "narrow_pool.h"

enum { LANES = 16, BROAD = 64 };

// Where the window of output position (row, ox) begins.
INLINE long corner(const scant_pooled *p, long row, long ox) {
  long image = row / p->out_height, oy = row % p->out_height;
  return ((image * p->height + oy * p->kernel_height) * p->width + ox * p->kernel_width)
         * p->channels;
}

// One window of n channels. With a ReLU the winner must be above 0, else nobody wins.
INLINE void win(
    const scant_pooled *p, long kh, long kw, const float *R x, const float *R added,
    const float *R scale, const float *R shift, float *R y, uint8_t *R winner, int n) {
  float best[LANES];
  int32_t at[LANES];
  for (int l = 0; l < n; l++) {
    best[l] = p->relu ? 0 : -__builtin_inff();
    at[l] = p->relu ? SCANT_NOBODY : 0;
  }
  for (long ky = 0; ky < kh; ky++)
    for (long kx = 0; kx < kw; kx++) {
      long cell = (ky * p->width + kx) * p->channels;
      int32_t place = (int32_t)(ky * kw + kx);
      for (int l = 0; l < n; l++) {
        float t = x[cell + l] * scale[l] + shift[l];
        if (added) t += added[cell + l];
        at[l] = t > best[l] ? place : at[l];
        best[l] = t > best[l] ? t : best[l];
      }
    }
  for (int l = 0; l < n; l++) y[l] = best[l];
  for (int l = 0; l < n; l++) winner[l] = (uint8_t)at[l];
}

INLINE void pool_row(
    const scant_pooled *p, long kh, long kw, const float *x, const float *added,
    const float *scale, const float *shift, float *y, uint8_t *winner, long row, long ox) {
  for (; ox < p->out_width; ox++) {
    long from = corner(p, row, ox), to = (row * p->out_width + ox) * p->channels, c = 0;
    for (; c + LANES <= p->channels; c += LANES)
      win(p, kh, kw, x + from + c, added ? added + from + c : 0, scale + c, shift + c, y + to + c,
          winner + to + c, LANES);
    if (c < p->channels)
      win(p, kh, kw, x + from + c, added ? added + from + c : 0, scale + c, shift + c, y + to + c,
          winner + to + c, (int)(p->channels - c));
  }
}

HOT void scant_normalize_pool(
    const scant_pooled *p, const float *x, const float *added, const float *scale,
    const float *shift, float *y, uint8_t *winner, long row) {
  long kh = p->kernel_height, kw = p->kernel_width, done = 0;
  if (is_narrow(p)) {
    long from = corner(p, row, 0), to = row * p->out_width * p->channels;
#define POOL(c)                                                                   \
  pool_narrow(p, c, x + from, added ? added + from : 0, scale, shift, y + to, winner + to)
    done = BY_CHANNELS(p->channels, POOL);
  }
  if (kh == 2 && kw == 2 && !added) pool_row(p, 2, 2, x, 0, scale, shift, y, winner, row, done);
  else if (added) pool_row(p, kh, kw, x, added, scale, shift, y, winner, row, done);
  else pool_row(p, kh, kw, x, 0, scale, shift, y, winner, row, done);
}

INLINE void sum_channels(
    const scant_pooled *p, long kh, long kw, const float *R x, const float *R dy,
    const uint8_t *R winner, const float *R mean, double *R sums, long row, long ox, long c,
    int n) {
  float one[BROAD] = {0}, two[BROAD] = {0};
  for (; ox < p->out_width; ox++) {
    long from = corner(p, row, ox) + c, to = (row * p->out_width + ox) * p->channels + c;
    for (long ky = 0; ky < kh; ky++)
      for (long kx = 0; kx < kw; kx++) {
        long cell = from + (ky * p->width + kx) * p->channels;
        int32_t place = (int32_t)(ky * kw + kx);
        for (int l = 0; l < n; l++) {
          float gradient = dy[to + l];
          float g = (int32_t)winner[to + l] == place ? gradient : 0;
          one[l] += g;
          two[l] += g * (x[cell + l] - mean[c + l]);
        }
      }
  }
  for (int l = 0; l < n; l++) {
    sums[c + l] += one[l];
    sums[p->channels + c + l] += two[l];
  }
}

HOT void scant_pooled_sums(
    const scant_pooled *p, const float *x, const float *dy, const uint8_t *winner,
    const float *mean, double *sums, long row) {
  long kh = p->kernel_height, kw = p->kernel_width, c = 0, done = 0;
  if (is_narrow(p)) {
    long from = corner(p, row, 0), to = row * p->out_width * p->channels;
#define ADD_SUMS(c) sums_narrow(p, c, x + from, dy + to, winner + to, mean, sums)
    done = BY_CHANNELS(p->channels, ADD_SUMS);
  }
  for (; c + BROAD <= p->channels; c += BROAD)
    if (kh == 2 && kw == 2) sum_channels(p, 2, 2, x, dy, winner, mean, sums, row, 0, c, BROAD);
    else sum_channels(p, kh, kw, x, dy, winner, mean, sums, row, 0, c, BROAD);
  for (; c + LANES <= p->channels; c += LANES)
    if (kh == 2 && kw == 2) sum_channels(p, 2, 2, x, dy, winner, mean, sums, row, 0, c, LANES);
    else sum_channels(p, kh, kw, x, dy, winner, mean, sums, row, 0, c, LANES);
  if (c < p->channels)
    sum_channels(
        p, kh, kw, x, dy, winner, mean, sums, row, done, c, (int)(p->channels - c));
}

// One input position of n channels; `place` in its window, or SCANT_NOBODY outside all windows.
INLINE void back_cell(
    const float *R x, const float *R dy, const uint8_t *R winner, int32_t place,
    const scant_gradient_terms *t, long c, float *R dx, float *R added, int n) {
  for (int l = 0; l < n; l++) {
    float gradient = dy[l];
    float g = (int32_t)winner[l] == place ? gradient : 0;
    if (added) added[l] = g;
    dx[l] = t->a[c + l] * g + (t->k[c + l] * (x[l] - t->mean[c + l]) + t->m[c + l]);
  }
}

// Positions beside the last window of a row, or below the last row of windows.
INLINE void back_outside(
    const scant_pooled *p, const float *R x, const scant_gradient_terms *t, float *R dx,
    float *R added, long first, long count) {
  for (long i = first; i < first + count; i++)
    for (long c = 0; c < p->channels; c++) {
      long at = i * p->channels + c;
      if (added) added[at] = 0;
      dx[at] = t->k[c] * (x[at] - t->mean[c]) + t->m[c];
    }
}

INLINE void back_window(
    const scant_pooled *p, long kh, long kw, const float *x, const float *dy,
    const uint8_t *winner, const scant_gradient_terms *t, float *dx, float *added, long from,
    long to, long c, int n) {
  for (long ky = 0; ky < kh; ky++)
    for (long kx = 0; kx < kw; kx++) {
      long cell = from + (ky * p->width + kx) * p->channels + c;
      back_cell(x + cell, dy + to + c, winner + to + c, (int32_t)(ky * kw + kx), t, c, dx + cell,
                added ? added + cell : 0, n);
    }
}

INLINE void back_row(
    const scant_pooled *p, long kh, long kw, const float *x, const float *dy,
    const uint8_t *winner, const scant_gradient_terms *t, float *dx, float *added, long row,
    long ox) {
  for (; ox < p->out_width; ox++) {
    long from = corner(p, row, ox), to = (row * p->out_width + ox) * p->channels, c = 0;
    for (; c + LANES <= p->channels; c += LANES)
      back_window(p, kh, kw, x, dy, winner, t, dx, added, from, to, c, LANES);
    if (c < p->channels)
      back_window(p, kh, kw, x, dy, winner, t, dx, added, from, to, c, (int)(p->channels - c));
  }
}

HOT void scant_pooled_back(
    const scant_pooled *p, const float *x, const float *dy, const uint8_t *winner,
    const scant_gradient_terms *t, float *dx, float *added, long row) {
  long kh = p->kernel_height, kw = p->kernel_width, done = 0;
  if (is_narrow(p)) {
    long from = corner(p, row, 0), to = row * p->out_width * p->channels;
#define BACK(c)                                                                   \
  back_narrow(p, c, x + from, dy + to, winner + to, t, dx + from, added ? added + from : 0)
    done = BY_CHANNELS(p->channels, BACK);
  }
  if (kh == 2 && kw == 2 && !added) back_row(p, 2, 2, x, dy, winner, t, dx, 0, row, done);
  else back_row(p, kh, kw, x, dy, winner, t, dx, added, row, done);
  long first = corner(p, row, 0) / p->channels, covered = p->out_width * kw;
  for (long ky = 0; ky < kh; ky++)
    back_outside(p, x, t, dx, added, first + ky * p->width + covered, p->width - covered);
  if (row % p->out_height == p->out_height - 1)
    back_outside(p, x, t, dx, added, first + kh * p->width,
                 (p->height - p->out_height * kh) * p->width);
}
