// average_pooling.c — means over windows of [H, W, C]
#ifndef SCANT_AVERAGE_POOLING_H
#define SCANT_AVERAGE_POOLING_H

/// One row of means: outputs [out_width, c] from input rows 0..<rows of `x`, each [width, c].
/// Output i covers columns starts[i]..<ends[i].
void scant_average_row(
    const float *x, long rows, long width, long c, const long *starts, const long *ends,
    long out_width, float *y);
/// The adjoint: adds the gradients dy of one row to the input rows dx.
void scant_average_row_back(
    const float *dy, long rows, long width, long c, const long *starts, const long *ends,
    long out_width, float *dx);

#endif
