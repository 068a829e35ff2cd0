// Batch normalisation of rows of channels, with an optional residual and ReLU.
#include "CKernels.h"
#include "vector.h"

enum { LANES = 16, RUN_VALUES = 2048, WIDEST = 15 * LANES };

// If a vector holds more values than there are channels, several rows are read as one wider row,
// and the values per channel repeat along it.
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
// terms are macros of GET, which reads one value or sixteen, of i, the place in memory, and of c,
// the lane; the second may use g, the first.
#define ONE(x, i) ((x)[i])
#define ONE_PASSED(y, dy, i) ((y)[i] > 0 ? (dy)[i] : 0)
#define SIXTEEN(x, i) LOAD((x) + (i))
#define SIXTEEN_PASSED(y, dy, i) positive(LOAD((y) + (i)), LOAD((dy) + (i)))
#define ADD_TERM(c_sum, i, c)                                                     \
  {                                                                               \
    float g = FIRST(ONE, i, c);                                                   \
    sums[c_sum] += g;                                                             \
    sums[channels + (c_sum)] += SECOND(ONE, g, i, c);                             \
  }
// `count` vectors of lanes from c0 on: neighbours in memory, read together.
#define ADD_VECTORS(count)                                                        \
  {                                                                               \
    v16 one[count] = {0}, two[count] = {0};                                       \
    for (long r = r0; r < r1; r++)                                                \
      for (int b = 0; b < (count); b++) {                                         \
        long c = c0 + b * LANES, i = r * v.lanes + c;                             \
        v16 g = FIRST(SIXTEEN, i, c);                                             \
        one[b] += g;                                                              \
        two[b] += SECOND(SIXTEEN, g, i, c);                                       \
      }                                                                           \
    for (int b = 0; b < (count); b++) {                                           \
      fold(one[b], c0 + b * LANES, channels, sums);                               \
      fold(two[b], c0 + b * LANES, channels, sums + channels);                    \
    }                                                                             \
  }
#define SUM_TERMS                                                                 \
  long run = v.lanes * 4 < RUN_VALUES ? RUN_VALUES / v.lanes : 4;                 \
  for (long r0 = 0; r0 < v.rows; r0 += run) {                                     \
    long r1 = r0 + run < v.rows ? r0 + run : v.rows, c0 = 0;                      \
    for (; c0 + 4 * LANES <= v.lanes; c0 += 4 * LANES) ADD_VECTORS(4)             \
    for (; c0 + LANES <= v.lanes; c0 += LANES) ADD_VECTORS(1)                     \
    for (long r = r0; r < r1; r++)                                                \
      for (long c = c0; c < v.lanes; c++) ADD_TERM(c % channels, r * v.lanes + c, c) \
  }                                                                               \
  for (long c = 0; c < v.rest; c++) ADD_TERM(c % channels, v.rows * v.lanes + c, c)

INLINE void fold(v16 part, long lane, long channels, double *R sums) {
  float values[LANES];
  STORE(values, part);
  if (channels >= LANES)
    for (int l = 0; l < LANES; l++) sums[lane + l] += values[l];
  else
    for (int l = 0; l < LANES; l++) sums[(lane + l) % channels] += values[l];
}

INLINE void moment_sums(
    const float *R x, long rows, long channels, const float *center, double *R sums) {
  float wide[WIDEST];
  view v = widen(rows, channels);
  const float *R middle = repeat(center, channels, v.lanes, wide);
#define FIRST(GET, i, c) (GET(x, i) - GET(middle, c))
#define SECOND(GET, g, i, c) (g * g)
  SUM_TERMS
#undef FIRST
#undef SECOND
}

HOT void scant_moment_sums(
    const float *x, long rows, long channels, const float *center, double *sums) {
  moment_sums(x, rows, channels, center, sums);
}

INLINE void normalize_sums(
    const float *R x, const float *R dy, const float *R y, long rows, long channels,
    const float *mean, double *R sums) {
  float wide[WIDEST];
  view v = widen(rows, channels);
  const float *R middle = repeat(mean, channels, v.lanes, wide);
#define SECOND(GET, g, i, c) (g * (GET(x, i) - GET(middle, c)))
  if (y) {
#define FIRST(GET, i, c) GET##_PASSED(y, dy, i)
    SUM_TERMS
#undef FIRST
  } else {
#define FIRST(GET, i, c) GET(dy, i)
    SUM_TERMS
#undef FIRST
  }
#undef SECOND
}

HOT void scant_normalize_sums(
    const float *x, const float *dy, const float *y, long rows, long channels,
    const float *mean, double *sums) {
  normalize_sums(x, dy, y, rows, channels, mean, sums);
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

HOT void scant_normalize_back(
    const float *R x, const float *R dy, const float *R y, long rows, long channels,
    const scant_gradient_terms *t, float *R dx, float *R added) {
  float wide[4 * WIDEST];
  view v = widen(rows, channels);
  const float *R mean = repeat(t->mean, channels, v.lanes, wide);
  const float *R a = repeat(t->a, channels, v.lanes, wide + WIDEST);
  const float *R k = repeat(t->k, channels, v.lanes, wide + 2 * WIDEST);
  const float *R m = repeat(t->m, channels, v.lanes, wide + 3 * WIDEST);
// The load comes first: a conditional one does not vectorise.
#define PASSED(i) ({ float gradient = dy[i]; y[i] > 0 ? gradient : 0; })
#define BACK(i, c) dx[i] = a[c] * dy[i] + (k[c] * (x[i] - mean[c]) + m[c]);
#define BACK_RELU(i, c) dx[i] = a[c] * PASSED(i) + (k[c] * (x[i] - mean[c]) + m[c]);
#define BACK_ADDED(i, c)                                                          \
  {                                                                               \
    float g = PASSED(i);                                                          \
    added[i] = g;                                                                 \
    dx[i] = a[c] * g + (k[c] * (x[i] - mean[c]) + m[c]);                          \
  }
  if (!y) { EACH_VALUE(BACK) }
  else if (added) { EACH_VALUE(BACK_ADDED) }
  else { EACH_VALUE(BACK_RELU) }
}
