// epilogue.h — bias, residual and GELU after a matrix product, always in float32.
#ifndef SCANT_EPILOGUE_H
#define SCANT_EPILOGUE_H

#include "gelu.h"
#include "gemm.h"

// Bias, residual and GELU of one tile, while it is still in the first-level cache.
INLINE void finish(const scant_product *g, long row, long column, long rows, long columns) {
  for (long i = row; i < row + rows; i++) {
    float *R c = g->c + i * g->c_row + column;
    if (g->bias)
      for (long j = 0; j < columns; j++) c[j] += g->bias[column + j];
    if (g->residual) {
      const float *R x = g->residual + i * g->residual_row + column;
      for (long j = 0; j < columns; j++) c[j] += x[j];
    }
    if (g->activated) {
      float *y = g->activated + i * g->c_row + column;
      for (long j = 0; j < columns; j++) y[j] = quick_gelu(c[j]);
    }
  }
}

#endif
