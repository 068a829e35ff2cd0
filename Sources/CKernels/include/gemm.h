// gemm.c — matrix products, float32
#ifndef SCANT_GEMM_H
#define SCANT_GEMM_H

/// C [m, n] = A·B, or C + A·B, then + bias, + residual, then GELU; C is row-major with `c_row`
/// values a row. Element (i, p) of A [m, k] lies at a[i·a_row + p·a_step] and element (p, j) of
/// B [k, n] at b[j·b_column + p·b_step]; one stride of each pair is 1. NULL disables a part.
typedef struct {
  long m, n, k;
  const float *a;
  long a_row, a_step;
  const float *b;
  long b_column, b_step;
  float *c;
  long c_row;
  int adds;               // C += A·B
  const float *bias;      // [n]
  const float *residual;  // [m, n], `residual_row` values a row
  long residual_row;
  float *activated;       // GELU of C goes here, rows as in C; may be C itself
} scant_product;

/// Floats of scratch memory for a block of `rows` rows.
long scant_product_scratch(long rows);
/// The number of rows that fit into the L2 cache.
long scant_product_rows(void);
/// Computes C's block of rows row..<row_end and columns column..<column_end. `row` and `column`
/// may be anything; every element is summed in the same order whatever the blocks are.
void scant_product_block(
    const scant_product *g, long row, long row_end, long column, long column_end, float *scratch);

/// Whether the processor has bfloat16 instructions.
int scant_has_bf16(void);
/// The same with both factors rounded to bfloat16 and sums in float32; in float32 if the processor
/// has no bfloat16 instructions. Scratch as above.
void scant_product_block_bf16(
    const scant_product *g, long row, long row_end, long column, long column_end, float *scratch);

#endif
