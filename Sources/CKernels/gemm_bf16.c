// Matrix products with factors rounded to bfloat16 and sums in float32, at twice the speed of
// float32 where the processor has AVX512-BF16. Blocks as in gemm.c; two neighbours along the inner
// dimension make one 32-bit unit of a panel.
#include "gemm.h"
#include "epilogue.h"
#include "tile.h"

#if defined(__x86_64__) && defined(__linux__)
#include <immintrin.h>

#define BF16                                                                                       \
  __attribute__((target("arch=x86-64-v4,avx512bf16"), min_vector_width(512), always_inline))       \
  static inline

enum { DEPTH = 768, UNITS = DEPTH / 2 };

int scant_has_bf16(void) { return has_wide() && __builtin_cpu_supports("avx512bf16"); }

// C (+)= A·B for 12 rows and 32 columns, A [units][12], B [units][32].
BF16 void bf16_tile(
    const uint32_t *a, const uint32_t *b, long units, float *c, long row, bool adds) {
  __m512 sum[TILE_ROWS][2];
  UNROLL for (int i = 0; i < TILE_ROWS; i++) sum[i][0] = sum[i][1] = _mm512_setzero_ps();
  for (long u = 0; u < units; u++, a += TILE_ROWS, b += TILE_COLUMNS) {
    __m512bh left = (__m512bh)_mm512_loadu_si512(b), right = (__m512bh)_mm512_loadu_si512(b + 16);
    UNROLL for (int i = 0; i < TILE_ROWS; i++) {
      __m512bh x = (__m512bh)_mm512_set1_epi32((int)a[i]);
      sum[i][0] = _mm512_dpbf16_ps(sum[i][0], x, left);
      sum[i][1] = _mm512_dpbf16_ps(sum[i][1], x, right);
    }
  }
  UNROLL for (int i = 0; i < TILE_ROWS; i++) {
    v16 *to = (v16 *)(c + i * row), *next = (v16 *)(c + i * row + 16);
    *to = adds ? *to + (v16)sum[i][0] : (v16)sum[i][0];
    *next = adds ? *next + (v16)sum[i][1] : (v16)sum[i][1];
  }
}

// The first `count` of 16 numbers, rounded; zero for the rest.
BF16 __m256i round_some(const float *x, long count) {
  __mmask16 some = count < 16 ? (__mmask16)((1u << count) - 1) : 0xffff;
  return (__m256i)_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(some, x));
}

// units[i] = (x[2i], x[2i+1]) for a run of k floats; an odd end is filled with zero.
BF16 void round_run(const float *x, long k, uint32_t *units) {
  for (long p = 0; p < k; p += 16) {
    long left = k - p < 16 ? k - p : 16;
    __m256i pairs = round_some(x + p, left);
    _mm256_mask_storeu_epi32(units + p / 2, (__mmask8)((1u << ((left + 1) / 2)) - 1), pairs);
  }
}

// to[i] = (x[i], y[i]) for i < count <= 16, zero for the rest of 16; y may be missing.
BF16 __m512i round_pair(const float *x, const float *y, long count) {
  __m512i low = _mm512_cvtepu16_epi32(round_some(x, count));
  if (!y) return low;
  __m512i high = _mm512_cvtepu16_epi32(round_some(y, count));
  return _mm512_or_si512(low, _mm512_slli_epi32(high, 16));
}

// As pack_panel in tile.h: to[u·width + i] = elements (i, 2u) and (i, 2u + 1).
BF16 void pack_bf16(
    const float *from, long row, long step, long count, long k, uint32_t *to, long width) {
  long units = (k + 1) / 2;
  if (row == 1) {
    for (long u = 0; u < units; u++) {
      const float *x = from + 2 * u * step, *y = 2 * u + 1 < k ? x + step : NULL;
      for (long i = 0; i < width; i += 16) {
        long some = count - i < 0 ? 0 : count - i;
        __mmask16 place = width - i < 16 ? (__mmask16)((1u << (width - i)) - 1) : 0xffff;
        __m512i pairs = round_pair(x + i, y ? y + i : NULL, some);
        _mm512_mask_storeu_epi32(to + u * width + i, place, pairs);
      }
    }
    return;
  }
  uint32_t rounded[4][UNITS];
  for (long i = 0; i < width; i += 4) {
    for (long r = 0; r < 4; r++) {
      if (i + r < count) round_run(from + (i + r) * row, k, rounded[r]);
      else memset(rounded[r], 0, 4 * (size_t)units);
    }
    turn_four((const float *)rounded, UNITS, units, (float *)to + i, width);
  }
}

BF16 void bf16_edge(
    const uint32_t *a, const uint32_t *b, long units, float *c, long row, bool adds, long rows,
    long columns) {
  float whole[TILE_ROWS * TILE_COLUMNS] __attribute__((aligned(64)));
  bf16_tile(a, b, units, whole, TILE_COLUMNS, false);
  for (long i = 0; i < rows; i++)
    for (long j = 0; j < columns; j++) {
      float *to = c + i * row + j, sum = whole[i * TILE_COLUMNS + j];
      *to = adds ? *to + sum : sum;
    }
}

BF16 void bf16_pass(
    const scant_product *g, long row, long row_end, long column, long columns, const uint32_t *a,
    const uint32_t *b, long units, bool first, bool last) {
  for (long i = row; i < row_end; i += TILE_ROWS, a += TILE_ROWS * units) {
    long rows = row_end - i < TILE_ROWS ? row_end - i : TILE_ROWS;
    for (long r = i; r < i + rows; r++) {
      __builtin_prefetch(g->c + r * g->c_row + column, 1);
      __builtin_prefetch(g->c + r * g->c_row + column + 16, 1);
    }
    float *c = g->c + i * g->c_row + column;
    bool adds = g->adds || !first;
    if (rows == TILE_ROWS && columns == TILE_COLUMNS) bf16_tile(a, b, units, c, g->c_row, adds);
    else bf16_edge(a, b, units, c, g->c_row, adds, rows, columns);
    if (last) finish(g, i, column, rows, columns);
  }
}

__attribute__((target("arch=x86-64-v4,avx512bf16"), min_vector_width(512))) static void bf16_block(
    const scant_product *g, long row, long row_end, long column, long column_end, uint32_t *b) {
  uint32_t *a = b + TILE_COLUMNS * UNITS;
  for (long p = 0; p < g->k; p += DEPTH) {
    long depth = g->k - p < DEPTH ? g->k - p : DEPTH, units = (depth + 1) / 2;
    for (long i = row; i < row_end; i += TILE_ROWS)
      pack_bf16(
          g->a + i * g->a_row + p * g->a_step, g->a_row, g->a_step,
          row_end - i < TILE_ROWS ? row_end - i : TILE_ROWS, depth, a + (i - row) * units,
          TILE_ROWS);
    for (long j = column; j < column_end; j += TILE_COLUMNS) {
      long columns = column_end - j < TILE_COLUMNS ? column_end - j : TILE_COLUMNS;
      pack_bf16(
          g->b + j * g->b_column + p * g->b_step, g->b_column, g->b_step, columns, depth, b,
          TILE_COLUMNS);
      bf16_pass(
          g, row, row_end, j, columns, a, b, units, p == 0, p + depth == g->k);
    }
  }
}

void scant_product_block_bf16(
    const scant_product *g, long row, long row_end, long column, long column_end, float *scratch) {
  if (scant_has_bf16()) bf16_block(g, row, row_end, column, column_end, (uint32_t *)scratch);
  else scant_product_block(g, row, row_end, column, column_end, scratch);
}

#else

int scant_has_bf16(void) { return 0; }

void scant_product_block_bf16(
    const scant_product *g, long row, long row_end, long column, long column_end, float *scratch) {
  scant_product_block(g, row, row_end, column, column_end, scratch);
}

#endif
