// Attention by blocks of keys with a running maximum and sum, so that the matrix of attention
// weights is never stored. After Dao et al. 2022, arXiv:2205.14135, and Milakov & Gimelshein 2018,
// arXiv:1805.02867.
//
// Blocks are transposed: keys are the rows and 32 queries the columns. Softmax then runs down the
// columns without a sum across lanes, and its result is already a panel of the product with the
// values.
#include "attention.h"
#include "row_sums.h"
#include "tile.h"
#include <math.h>

enum {
  BLOCK = 96,     // keys, forward
  QUERIES = 32,   // forward
  BACK_BLOCK = 48,
  BACK_QUERIES = 64,
};
static const float LOG2E = 1.44269504f;

#define LOAD(p) (*(const v16 *)(p))
#define STORE(p, x) (*(v16 *)(p) = (x))

INLINE v16 larger(v16 a, v16 b) {
  i16 is_a = a > b;
  return (v16)(((i16)a & is_a) | ((i16)b & ~is_a));
}

// quick_exp2 of hot.h on 16 numbers of which none is far above 0.
INLINE v16 exp2_of_negative(v16 x) {
  x = larger(x, (v16){0} - 126.0f);
  v16 k = (x + 12582912.0f) - 12582912.0f, r = x - k;
  v16 p = r * 1.535336118e-4f + 1.339887466e-3f;
  p = p * r + 9.618437363e-3f;
  p = p * r + 5.550332470e-2f;
  p = p * r + 2.402264791e-1f;
  p = p * r + 6.931472029e-1f;
  p = p * r + 1.0f;
  return p * (v16)((__builtin_convertvector(k, i16) + 127) << 23);
}

INLINE long rounded_up(long n, long to) { return (n + to - 1) / to * to; }

long scant_attention_scratch(long keys, long width) {
  long d = rounded_up(width, TILE_COLUMNS);
  return 4 * rounded_up(keys, BLOCK) * d + 5 * BACK_QUERIES * d + 2 * BACK_BLOCK * BACK_QUERIES
         + 4 * BACK_QUERIES;
}

// Rows ahead of the one in use whose cache lines are asked for: heads lie too far apart in memory
// for the processor to guess.
enum { AHEAD = 12 };

INLINE void fetch_row(const float *from, long width, const int writes) {
  for (long j = 0; j < width; j += 16) {
    if (writes) __builtin_prefetch(from + j, 1);
    else __builtin_prefetch(from + j, 0);
  }
}

// [rows, width] with rows `row` apart → [rows, d], zero in the added rows and columns.
INLINE void copy_rows(
    const float *R from, long row, long rows, long width, float *R to, long all_rows, long d) {
  for (long i = 0; i < rows; i++) {
    fetch_row(from + (i + AHEAD) * row, width, false);
    memcpy(to + i * d, from + i * row, sizeof(float) * (size_t)width);
    for (long j = width; j < d; j++) to[i * d + j] = 0;
  }
  memset(to + rows * d, 0, sizeof(float) * (size_t)((all_rows - rows) * d));
}

// Scaled queries as a panel [d, 32]; columns beyond `count` and rows beyond `width` are zero.
INLINE void turned_rows(
    const float *from, long row, long count, long width, float scale, float *R to, long d) {
  memset(to, 0, sizeof(float) * (size_t)(d * QUERIES));
  pack_panel(from, row, 1, count, width, to, QUERIES);
  for (long i = 0; i < d * QUERIES; i++) to[i] *= scale;
}

// [d, columns] with rows `row` apart → count rows of `width`, `to_row` apart, times scale.
INLINE void turn_back(
    const float *R from, long row, long count, long width, float scale, float *R to, long to_row) {
  float piece[4 * BACK_QUERIES];
  for (long d = 0; d < width; d += 4) {
    long some = width - d < 4 ? width - d : 4;
    if (some == 4) {
      for (long i = 0; i < 4; i++)
        for (long j = 0; j < count; j++)
          piece[i * BACK_QUERIES + j] = from[(d + i) * row + j] * scale;
      turn_four(piece, BACK_QUERIES, count, to + d, to_row);
      continue;
    }
    for (long i = 0; i < some; i++)
      for (long j = 0; j < count; j++) to[j * to_row + d + i] = from[(d + i) * row + j] * scale;
  }
}

// scores [rows, 32] = keys [rows, d] · queries [d, 32]
INLINE void score_rows(
    const bool wide, const float *keys, long rows, const float *queries, long d, float *scores,
    long row) {
  for (long i = 0; i < rows; i += TILE_ROWS) {
    tile t = {keys + i * d, d, 1, queries, QUERIES, d, scores + i * row, row, false};
    multiply_tile(wide, t, TILE_ROWS);
  }
}

// sums [d, 32] += rowsᵀ · weights, for rows [count, d] and weights [count, 32]
INLINE void gather_rows(
    const bool wide, const float *rows, long count, const float *weights, long weights_row,
    float *sums, long sums_row, long d) {
  for (long i = 0; i < d; i += 8) {
    tile t = {rows + i, 1, d, weights, weights_row, count, sums + i * sums_row, sums_row, true};
    multiply_tile(wide, t, 8);
  }
}

// One more block of scores [rows, 32]: makes them weights relative to the new maximum and shrinks
// what was summed so far, `sums` [32] and `answer` [d, 32], to it.
INLINE void soften(
    float *R scores, long rows, float *R most, float *R sums, float *R answer, long d) {
  v16 before[2] = {LOAD(most), LOAD(most + 16)}, now[2] = {before[0], before[1]}, shrink[2];
  for (long i = 0; i < rows; i++)
    UNROLL for (int h = 0; h < 2; h++) now[h] = larger(LOAD(scores + i * QUERIES + 16 * h), now[h]);
  v16 total[2] = {LOAD(sums), LOAD(sums + 16)};
  UNROLL for (int h = 0; h < 2; h++) {
    shrink[h] = exp2_of_negative(before[h] - now[h]);
    total[h] *= shrink[h];
  }
  for (long i = 0; i < rows; i++)
    UNROLL for (int h = 0; h < 2; h++) {
      float *at = scores + i * QUERIES + 16 * h;
      v16 weight = exp2_of_negative(LOAD(at) - now[h]);
      STORE(at, weight);
      total[h] += weight;
    }
  bool changes = memcmp(most, now, sizeof now) != 0;
  UNROLL for (int h = 0; h < 2; h++) {
    STORE(most + 16 * h, now[h]);
    STORE(sums + 16 * h, total[h]);
  }
  if (!changes) return;
  for (long i = 0; i < d; i++)
    UNROLL for (int h = 0; h < 2; h++) {
      float *at = answer + i * QUERIES + 16 * h;
      STORE(at, LOAD(at) * shrink[h]);
    }
}

INLINE void forward(const bool wide, const scant_attention *s, float *R scratch) {
  long d = rounded_up(s->width, TILE_COLUMNS), all = rounded_up(s->keys, BLOCK);
  float *keys = scratch, *values = keys + all * d, *queries = values + all * d;
  float *answer = queries + d * QUERIES, *scores = answer + d * QUERIES;
  copy_rows(s->k, s->k_row, s->keys, s->width, keys, all, d);
  copy_rows(s->v, s->k_row, s->keys, s->width, values, all, d);
  for (long q = 0; q < s->queries; q += QUERIES) {
    long count = s->queries - q < QUERIES ? s->queries - q : QUERIES;
    float most[QUERIES], sums[QUERIES] = {0};
    for (int j = 0; j < QUERIES; j++) most[j] = -1e30f;
    memset(answer, 0, sizeof(float) * (size_t)(d * QUERIES));
    turned_rows(s->q + q * s->q_row, s->q_row, count, s->width, s->scale * LOG2E, queries, d);
    for (long k = 0; k < s->keys; k += BLOCK) {
      long rows = s->keys - k < BLOCK ? s->keys - k : BLOCK;
      score_rows(wide, keys + k * d, rows, queries, d, scores, QUERIES);
      soften(scores, rows, most, sums, answer, d);
      gather_rows(wide, values + k * d, rows, scores, QUERIES, answer, QUERIES, d);
    }
    for (int j = 0; j < count && s->log_sums; j++) s->log_sums[q + j] = most[j] + log2f(sums[j]);
    for (int j = 0; j < QUERIES; j++) sums[j] = 1 / sums[j];
    for (long i = 0; i < d; i++)
      for (int j = 0; j < QUERIES; j++) answer[i * QUERIES + j] *= sums[j];
    turn_back(answer, QUERIES, count, s->width, 1, s->y + q * s->y_row, s->y_row);
  }
}

// sums [rows, d] += weights [rows, count] · queries [count, d]
INLINE void spread_rows(
    const bool wide, const float *weights, long rows, const float *queries, long count,
    float *sums, long d) {
  for (long i = 0; i < rows; i += TILE_ROWS)
    for (long j = 0; j < d; j += TILE_COLUMNS) {
      tile t = {weights + i * BACK_QUERIES, BACK_QUERIES, 1, queries + j, d, count,
                sums + i * d + j, d, true};
      multiply_tile(wide, t, TILE_ROWS);
    }
}

// scores → weights p; gradients of weights → gradients of scores, p·(dp − Σ p·dp).
INLINE void weigh_gradients(
    float *R scores, float *R gradients, long rows, long count, const float *R log_sums,
    const float *R means) {
  for (long i = 0; i < rows * BACK_QUERIES; i += BACK_QUERIES)
    for (long j = 0; j < count; j += 16) {
      v16 p = exp2_of_negative(LOAD(scores + i + j) - LOAD(log_sums + j));
      STORE(scores + i + j, p);
      STORE(gradients + i + j, p * (LOAD(gradients + i + j) - LOAD(means + j)));
    }
}

// What 64 queries need: as rows and as two panels, of the queries and of the answers' gradients.
// The last ones may fit one panel.
typedef struct {
  long panel_count;
  float *rows, *panels, *gradient_rows, *gradient_panels;
  float log_sums[BACK_QUERIES], means[BACK_QUERIES];
} group;

INLINE void load_group(group *g, const scant_attention *s, const float *dy, long q, long d) {
  long count = s->queries - q < BACK_QUERIES ? s->queries - q : BACK_QUERIES;
  const float *from = s->q + q * s->q_row, *gradients = dy + q * s->y_row, *y = s->y + q * s->y_row;
  copy_rows(from, s->q_row, count, s->width, g->rows, BACK_QUERIES, d);
  copy_rows(gradients, s->y_row, count, s->width, g->gradient_rows, BACK_QUERIES, d);
  g->panel_count = (count + QUERIES - 1) / QUERIES;
  for (long h = 0; h < g->panel_count; h++) {
    long some = count - h * QUERIES < QUERIES ? count - h * QUERIES : QUERIES;
    turned_rows(
        from + h * QUERIES * s->q_row, s->q_row, some, s->width, s->scale * LOG2E,
        g->panels + h * QUERIES * d, d);
    turned_rows(
        gradients + h * QUERIES * s->y_row, s->y_row, some, s->width, 1,
        g->gradient_panels + h * QUERIES * d, d);
  }
  for (long i = 0; i < BACK_QUERIES; i++) {
    g->means[i] = i < count ? row_dot(y + i * s->y_row, gradients + i * s->y_row, s->width) : 0;
    g->log_sums[i] = i < count ? s->log_sums[q + i] : 0;
  }
}

INLINE void back(
    const bool wide, const scant_attention *s, const float *dy, float *dq, float *dk, float *dv,
    float *R scratch) {
  long d = rounded_up(s->width, TILE_COLUMNS), all = rounded_up(s->keys, BLOCK);
  float *keys = scratch, *values = keys + all * d, *dkeys = values + all * d;
  float *dvalues = dkeys + all * d, *dqueries = dvalues + all * d;
  float *scores = dqueries + BACK_QUERIES * d, *gradients = scores + BACK_BLOCK * BACK_QUERIES;
  group g = {.rows = gradients + BACK_BLOCK * BACK_QUERIES};
  g.panels = g.rows + BACK_QUERIES * d;
  g.gradient_rows = g.panels + BACK_QUERIES * d;
  g.gradient_panels = g.gradient_rows + BACK_QUERIES * d;
  copy_rows(s->k, s->k_row, s->keys, s->width, keys, all, d);
  copy_rows(s->v, s->k_row, s->keys, s->width, values, all, d);
  memset(dkeys, 0, sizeof(float) * (size_t)(2 * all * d));
  for (long q = 0; q < s->queries; q += BACK_QUERIES) {
    load_group(&g, s, dy, q, d);
    memset(dqueries, 0, sizeof(float) * (size_t)(BACK_QUERIES * d));
    for (long k = 0; k < s->keys; k += BACK_BLOCK) {
      long rows = s->keys - k < BACK_BLOCK ? s->keys - k : BACK_BLOCK;
      for (long h = 0; h < g.panel_count; h++) {
        long at = h * QUERIES;
        score_rows(wide, keys + k * d, rows, g.panels + at * d, d, scores + at, BACK_QUERIES);
        score_rows(
            wide, values + k * d, rows, g.gradient_panels + at * d, d, gradients + at, BACK_QUERIES);
      }
      long columns = g.panel_count * QUERIES;
      weigh_gradients(
          scores, gradients, rounded_up(rows, TILE_ROWS), columns, g.log_sums, g.means);
      spread_rows(wide, scores, rows, g.gradient_rows, columns, dvalues + k * d, d);
      spread_rows(wide, gradients, rows, g.rows, columns, dkeys + k * d, d);
      for (long h = 0; h < g.panel_count; h++)
        gather_rows(
            wide, keys + k * d, rows, gradients + h * QUERIES, BACK_QUERIES, dqueries + h * QUERIES,
            BACK_QUERIES, d);
    }
    long count = s->queries - q < BACK_QUERIES ? s->queries - q : BACK_QUERIES;
    turn_back(dqueries, BACK_QUERIES, count, s->width, s->scale, dq + q * s->q_row, s->q_row);
  }
  for (long i = 0; i < s->keys; i++) {
    fetch_row(dk + (i + AHEAD) * s->k_row, s->width, true);
    fetch_row(dv + (i + AHEAD) * s->k_row, s->width, true);
    for (long j = 0; j < s->width; j++) dk[i * s->k_row + j] = dkeys[i * d + j] * s->scale;
    memcpy(dv + i * s->k_row, dvalues + i * d, sizeof(float) * (size_t)s->width);
  }
}

WIDE static void wide_forward(const scant_attention *s, float *scratch) {
  forward(true, s, scratch);
}
NARROW static void narrow_forward(const scant_attention *s, float *scratch) {
  forward(false, s, scratch);
}
WIDE static void wide_back(
    const scant_attention *s, const float *dy, float *dq, float *dk, float *dv, float *scratch) {
  back(true, s, dy, dq, dk, dv, scratch);
}
NARROW static void narrow_back(
    const scant_attention *s, const float *dy, float *dq, float *dk, float *dv, float *scratch) {
  back(false, s, dy, dq, dk, dv, scratch);
}

void scant_attention_forward(const scant_attention *s, float *scratch) {
  (has_wide() ? wide_forward : narrow_forward)(s, scratch);
}

void scant_attention_back(
    const scant_attention *s, const float *dy, float *dq, float *dk, float *dv, float *scratch) {
  (has_wide() ? wide_back : narrow_back)(s, dy, dq, dk, dv, scratch);
}
