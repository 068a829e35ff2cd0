// Batch normalisation of rows of channels, with the addition and the ReLU that may follow.
#include "CKernels.h"
#include "hot.h"

enum { LANES = 16, RUN = 64, WIDEST = 15 * LANES };

// Fewer channels than a vector holds: several rows are read as one wider row, and whatever
// belongs to a channel repeats along it.
typedef struct { long lanes, rows, rest; } view;

INLINE view widen(long rows, long channels) {
  long lanes = channels, turn = LANES;
  if (channels < LANES) {
    while (turn > 1 && channels * (turn / 2) % LANES == 0) turn /= 2;
    lanes = channels * turn;
  }
  view v = {lanes, rows * channels / lanes, rows * channels % lanes};
  return v;
}

INLINE const float *repeat(const float *x, long channels, long lanes, float *wide) {
  if (lanes == channels) return x;
  for (long i = 0; i < lanes; i++) wide[i] = x[i % channels];
  return wide;
}

// Sums two terms per channel over all rows of the view `v`: short float runs, then double. The
// terms may use i, the place in memory, and c, the lane; `g` names the first one.
#define ADD_TERMS(count)                                                          \
  for (long r = r0; r < r1; r++)                                                  \
    for (int l = 0; l < (count); l++) {                                           \
      long c = c0 + l, i = r * v.lanes + c;                                       \
      float g = FIRST(i, c);                                                      \
      one[l] += g;                                                                \
      two[l] += SECOND(g, i, c);                                                  \
    }
#define SUM_TERMS                                                                 \
  for (long r0 = 0; r0 < v.rows; r0 += RUN)                                       \
    for (long c0 = 0; c0 < v.lanes; c0 += LANES) {                                \
      long r1 = r0 + RUN < v.rows ? r0 + RUN : v.rows;                            \
      int n = v.lanes - c0 < LANES ? (int)(v.lanes - c0) : LANES;                 \
      float one[LANES] = {0}, two[LANES] = {0};                                   \
      if (n == LANES) ADD_TERMS(LANES)                                            \
      else ADD_TERMS(n)                                                           \
      for (int l = 0; l < n; l++) {                                               \
        sums[(c0 + l) % channels] += one[l];                                      \
        sums[channels + (c0 + l) % channels] += two[l];                           \
      }                                                                           \
    }                                                                             \
  for (long c = 0; c < v.rest; c++) {                                             \
    long i = v.rows * v.lanes + c;                                                \
    float g = FIRST(i, c);                                                        \
    sums[c % channels] += g;                                                      \
    sums[channels + c % channels] += SECOND(g, i, c);                             \
  }

HOT void scant_moment_sums(
    const float *R x, long rows, long channels, const float *center, double *R sums) {
  float wide[WIDEST];
  view v = widen(rows, channels);
  const float *R middle = repeat(center, channels, v.lanes, wide);
#define FIRST(i, c) (x[i] - middle[c])
#define SECOND(g, i, c) (g * g)
  SUM_TERMS
#undef FIRST
#undef SECOND
}

// Calls BODY with i, the place in memory, and c, the lane, for every value.
#define EACH_VALUE(BODY)                                                          \
  for (long r = 0; r < v.rows; r++)                                               \
    for (long c = 0; c < v.lanes; c++) BODY(r * v.lanes + c, c);                  \
  for (long c = 0; c < v.rest; c++) BODY(v.rows * v.lanes + c, c);

HOT void scant_normalize(
    const float *R x, long rows, long channels, const float *scale, const float *shift,
    const float *R added, int relu, float *R y) {
  float wide[2 * WIDEST];
  view v = widen(rows, channels);
  const float *R a = repeat(scale, channels, v.lanes, wide);
  const float *R b = repeat(shift, channels, v.lanes, wide + WIDEST);
  float least = relu ? 0 : -__builtin_inff();
#define APPLY(i, c) { float t = x[i] * a[c] + b[c]; y[i] = t > least ? t : least; }
#define APPLY_ADDED(i, c) { float t = x[i] * a[c] + b[c] + added[i]; y[i] = t > least ? t : least; }
  if (added) { EACH_VALUE(APPLY_ADDED) }
  else { EACH_VALUE(APPLY) }
}

HOT void scant_normalize_sums(
    const float *R x, const float *R dy, const float *R y, long rows, long channels,
    const float *mean, double *R sums) {
  float wide[WIDEST];
  view v = widen(rows, channels);
  const float *R middle = repeat(mean, channels, v.lanes, wide);
#define SECOND(g, i, c) (g * (x[i] - middle[c]))
  if (y) {
    // The load comes first: a conditional one does not vectorise.
#define FIRST(i, c) ({ float slope = dy[i]; y[i] > 0 ? slope : 0; })
    SUM_TERMS
#undef FIRST
  } else {
#define FIRST(i, c) dy[i]
    SUM_TERMS
#undef FIRST
  }
#undef SECOND
}

HOT void scant_normalize_back(
    const float *R x, const float *R dy, const float *R y, long rows, long channels,
    const scant_slope_terms *t, float *R dx, float *R added) {
  float wide[4 * WIDEST];
  view v = widen(rows, channels);
  const float *R mean = repeat(t->mean, channels, v.lanes, wide);
  const float *R a = repeat(t->a, channels, v.lanes, wide + WIDEST);
  const float *R k = repeat(t->k, channels, v.lanes, wide + 2 * WIDEST);
  const float *R m = repeat(t->m, channels, v.lanes, wide + 3 * WIDEST);
#define PASSED(i) ({ float slope = dy[i]; y[i] > 0 ? slope : 0; })
#define BACK(i, c) dx[i] = a[c] * dy[i] + (k[c] * (x[i] - mean[c]) + m[c]);
#define BACK_RELU(i, c) dx[i] = a[c] * PASSED(i) + (k[c] * (x[i] - mean[c]) + m[c]);
#define BACK_ADDED(i, c) { float g = PASSED(i); added[i] = g; dx[i] = a[c] * g + (k[c] * (x[i] - mean[c]) + m[c]); }
  if (!y) { EACH_VALUE(BACK) }
  else if (added) { EACH_VALUE(BACK_ADDED) }
  else { EACH_VALUE(BACK_RELU) }
}
