// Matrix products after Goto & van de Geijn 2008, doi:10.1145/1356052.1356053: a block of A is
// packed into panels of 12 rows that stay in the L2 cache, B is read in panels of 32 columns that
// stay in the L1 cache, and a 12×32 tile of C is kept in registers. Rows of A that meet only a few
// panels of B are read in place, since packing them would cost more than it saves.
#include "gemm.h"
#include "epilogue.h"
#include "tile.h"

enum {
  DEPTH = 384,     // of a panel: 12 rows of A are 18 KB, 32 columns of B 48 KB
  MOST_ROWS = 624, // of a block of A: 936 KB
  REPAID = 128,    // more columns than this repay the packing of A
  SAME_SET = 1024  // rows so many floats apart, or a multiple, fall upon each other in the cache
};

long scant_product_rows(void) { return MOST_ROWS; }

long scant_product_scratch(long rows) {
  return ((rows + TILE_ROWS - 1) / TILE_ROWS * TILE_ROWS + TILE_COLUMNS) * DEPTH;
}

// A tile that sticks out of C is computed beside it and its part inside copied.
INLINE void edge_tile(const bool wide, tile t, long rows, long columns) {
  float whole[TILE_ROWS * TILE_COLUMNS] __attribute__((aligned(64)));
  tile inner = t;
  inner.c = whole;
  inner.c_row = TILE_COLUMNS;
  inner.adds = false;
  if (rows <= 4) multiply_tile(wide, inner, 4);
  else multiply_tile(wide, inner, TILE_ROWS);
  for (long i = 0; i < rows; i++)
    for (long j = 0; j < columns; j++) {
      float *c = t.c + i * t.c_row + j, sum = whole[i * TILE_COLUMNS + j];
      *c = t.adds ? *c + sum : sum;
    }
}

INLINE void any_tile(const bool wide, tile t, long rows, long columns) {
  if (rows == TILE_ROWS && columns == TILE_COLUMNS) multiply_tile(wide, t, TILE_ROWS);
  else edge_tile(wide, t, rows, columns);
}

// Whether the panel of `rows` rows of A is read where it lies.
INLINE bool in_place(const scant_product *g, long rows) {
  return g->n <= REPAID && g->a_step == 1 && g->a_row % SAME_SET && rows == TILE_ROWS;
}

// One panel of B [depth, 32] under all panels of A.
INLINE void pass(
    const bool wide, const scant_product *g, long row, long row_end, long column, long column_end,
    const float *a, const float *b, long p, long depth) {
  bool first = p == 0, last = p + depth == g->k;
  long columns = column_end - column < TILE_COLUMNS ? column_end - column : TILE_COLUMNS;
  for (long i = row; i < row_end; i += TILE_ROWS, a += TILE_ROWS * depth) {
    long rows = row_end - i < TILE_ROWS ? row_end - i : TILE_ROWS;
    for (long r = i; r < i + rows; r++) {  // the tile's place in C, while its sums are made
      __builtin_prefetch(g->c + r * g->c_row + column, 1);
      __builtin_prefetch(g->c + r * g->c_row + column + 16, 1);
    }
    float *c = g->c + i * g->c_row + column;
    const float *there = g->a + i * g->a_row + p;
    bool adds = g->adds || !first;
    tile packed = {a, 1, TILE_ROWS, b, TILE_COLUMNS, depth, c, g->c_row, adds};
    tile lying = {there, g->a_row, 1, b, TILE_COLUMNS, depth, c, g->c_row, adds};
    if (in_place(g, rows)) any_tile(wide, lying, rows, columns);
    else any_tile(wide, packed, rows, columns);
    if (last) finish(g, i, column, rows, columns);
  }
}

INLINE void block(
    const bool wide, const scant_product *g, long row, long row_end, long column,
    long column_end, float *R scratch) {
  float *R b = scratch, *R a = scratch + TILE_COLUMNS * DEPTH;
  for (long p = 0; p < g->k; p += DEPTH) {
    long depth = g->k - p < DEPTH ? g->k - p : DEPTH;
    for (long i = row; i < row_end; i += TILE_ROWS) {
      long rows = row_end - i < TILE_ROWS ? row_end - i : TILE_ROWS;
      if (!in_place(g, rows))
        pack_panel(
            g->a + i * g->a_row + p * g->a_step, g->a_row, g->a_step, rows, depth,
            a + (i - row) * depth, TILE_ROWS);
    }
    for (long j = column; j < column_end; j += TILE_COLUMNS) {
      long columns = column_end - j < TILE_COLUMNS ? column_end - j : TILE_COLUMNS;
      pack_panel(
          g->b + j * g->b_column + p * g->b_step, g->b_column, g->b_step, columns, depth, b,
          TILE_COLUMNS);
      pass(wide, g, row, row_end, j, column_end, a, b, p, depth);
    }
  }
}

WIDE static void wide_block(
    const scant_product *g, long row, long row_end, long column, long column_end, float *scratch) {
  block(true, g, row, row_end, column, column_end, scratch);
}

NARROW static void narrow_block(
    const scant_product *g, long row, long row_end, long column, long column_end, float *scratch) {
  block(false, g, row, row_end, column, column_end, scratch);
}

void scant_product_block(
    const scant_product *g, long row, long row_end, long column, long column_end, float *scratch) {
  (has_wide() ? wide_block : narrow_block)(g, row, row_end, column, column_end, scratch);
}
