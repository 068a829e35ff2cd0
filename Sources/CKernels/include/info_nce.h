// info_nce.c — cross-entropy of a square matrix of scores against its diagonal
#ifndef SCANT_INFO_NCE_H
#define SCANT_INFO_NCE_H

/// Returns Σ_i (ln Σ_j e^s[i, j] - s[i, i]) for s [n, n] and writes its gradient. Entry (i, j) lies at
/// i·row_step + j·column_step: steps n, 1 as it is, 1, n transposed.
double scant_info_nce(
    const float *s, long n, long row_step, long column_step, float *gradient);

#endif
