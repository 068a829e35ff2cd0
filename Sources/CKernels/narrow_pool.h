// Pooling over 2×2 windows where pixels have 1, 2, 4 or 8 channels: a vector holds several pixels,
// even and odd ones are taken apart, and 16 / c windows are done at once. Each function returns
// how many output positions of the row it has done; the rest is the general code's.
#ifndef SCANT_NARROW_POOL_H
#define SCANT_NARROW_POOL_H

#include "vector.h"

INLINE void win_narrow(
    v16 t, int32_t place, v16 *best, i16 *at) {
  i16 wins = t > *best;
  *best = choose(wins, t, *best);
  *at = choose_places(wins, (i16){} + place, *at);
}

INLINE long pool_narrow(
    const scant_pooled *p, int c, const float *x, const float *added, const float *scale,
    const float *shift, float *y, uint8_t *winner) {
  v16 s = along_lanes(scale, c), t = along_lanes(shift, c);
  long step = 16 / c, ox = 0;
  for (; ox + step <= p->out_width; ox += step) {
    v16 best = same(p->relu ? 0 : -__builtin_inff());
    i16 at = (i16){} + (p->relu ? SCANT_NOBODY : 0);
    for (int row = 0; row < 2; row++) {
      long from = (row * p->width + 2 * ox) * c;
      v16 a = LOAD(x + from), b = LOAD(x + from + 16);
      v16 even = even_pixels(a, b, c) * s + t, odd = odd_pixels(a, b, c) * s + t;
      if (added) {
        v16 d = LOAD(added + from), e = LOAD(added + from + 16);
        even += even_pixels(d, e, c);
        odd += odd_pixels(d, e, c);
      }
      win_narrow(even, 2 * row, &best, &at);
      win_narrow(odd, 2 * row + 1, &best, &at);
    }
    STORE(y + ox * c, best);
    *(b16 *)(winner + ox * c) = __builtin_convertvector(at, b16);
  }
  return ox;
}

INLINE v16 won(const float *dy, const uint8_t *winner, int32_t place) {
  i16 at = __builtin_convertvector(*(const b16 *)winner, i16);
  return choose(at == place, LOAD(dy), same(0));
}

INLINE long sums_narrow(
    const scant_pooled *p, int c, const float *x, const float *dy, const uint8_t *winner,
    const float *mean, double *sums) {
  v16 one = same(0), two = same(0), middle = along_lanes(mean, c);
  long step = 16 / c, ox = 0;
  for (; ox + step <= p->out_width; ox += step)
    for (int row = 0; row < 2; row++) {
      long from = (row * p->width + 2 * ox) * c;
      v16 a = LOAD(x + from), b = LOAD(x + from + 16);
      v16 even = won(dy + ox * c, winner + ox * c, 2 * row);
      v16 odd = won(dy + ox * c, winner + ox * c, 2 * row + 1);
      one += even + odd;
      two += even * (even_pixels(a, b, c) - middle) + odd * (odd_pixels(a, b, c) - middle);
    }
  for (int l = 0; l < 16; l++) {
    sums[l % c] += one[l];
    sums[c + l % c] += two[l];
  }
  return ox;
}

INLINE long back_narrow(
    const scant_pooled *p, int c, const float *x, const float *dy, const uint8_t *winner,
    const scant_gradient_terms *t, float *dx, float *added) {
  v16 mean = along_lanes(t->mean, c), a = along_lanes(t->a, c), k = along_lanes(t->k, c),
      m = along_lanes(t->m, c);
  long step = 16 / c, ox = 0;
  for (; ox + step <= p->out_width; ox += step)
    for (int row = 0; row < 2; row++) {
      long from = (row * p->width + 2 * ox) * c;
      v16 even = won(dy + ox * c, winner + ox * c, 2 * row);
      v16 odd = won(dy + ox * c, winner + ox * c, 2 * row + 1);
      v16 first = first_pixels(even, odd, c), last = last_pixels(even, odd, c);
      if (added) {
        STORE(added + from, first);
        STORE(added + from + 16, last);
      }
      STORE(dx + from, a * first + (k * (LOAD(x + from) - mean) + m));
      STORE(dx + from + 16, a * last + (k * (LOAD(x + from + 16) - mean) + m));
    }
  return ox;
}

INLINE int is_narrow(const scant_pooled *p) {
  long c = p->channels;
  return p->kernel_height == 2 && p->kernel_width == 2 && (c == 1 || c == 2 || c == 4 || c == 8);
}

// CALL(c) with the number of channels as a constant.
#define BY_CHANNELS(channels, CALL)                                               \
  ((channels) == 1 ? CALL(1) : (channels) == 2 ? CALL(2) : (channels) == 4 ? CALL(4) : CALL(8))

#endif
