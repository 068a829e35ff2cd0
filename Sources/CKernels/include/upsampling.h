// upsampling.c — bilinear upsampling by two with aligned corners, one row of [B, H, W, C] at a time
#ifndef SCANT_UPSAMPLING_H
#define SCANT_UPSAMPLING_H

/// Where the outputs of an axis of n inputs lie between them: output 2j is
/// x[j] + before[j]·(x[j-1] - x[j]), output 2j+1 is x[j] + after[j]·(x[j+1] - x[j]), each weight
/// repeated for all channels. `weights` is [2n + 2, channels]: zeros, after, before, zeros.
void scant_upsampling_weights(long n, long channels, float *weights);
/// above + share·(below - above), enlarged: rows [w, c] -> y [2w, c], by the weights of w;
/// `scratch` holds (w + 2)·c floats.
void scant_upsample_row(
    const float *above, const float *below, float share, long w, long c, const float *weights,
    float *scratch, float *y);
/// The adjoint: dx [w, c] from four output rows [2w, c], each times its share; `scratch` holds
/// (2w + 2)·c floats.
void scant_upsample_row_back(
    const float *const dy[4], const float shares[4], long w, long c, const float *weights,
    float *scratch, float *dx);

#endif
