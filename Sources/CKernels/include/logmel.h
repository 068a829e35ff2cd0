// logmel.c — frames of sound to bands of a logarithmic spectrum, SCANT_LANES frames at a time.
// A block is [SCANT_LANES][bins]; its last rows may be unused.
#ifndef SCANT_LOGMEL_H
#define SCANT_LOGMEL_H

enum { SCANT_LANES = 16 };

/// y[i] = x[i]·w[i] for i < n.
void scant_window_frame(const float *x, const float *w, float *y, long n);

/// The same of x without its mean and then without `alpha` times its predecessor; the first value
/// counts as its own.
void scant_emphasized_frame(const float *x, const float *w, float *y, long n, float alpha);

/// |X[k]|², k = 0..n/2, of n real values (n even) whose even and odd ones, as real and imaginary
/// parts, have the transform z [n/2] (real, imaginary, …). `turns` holds cos(2πk/n) for
/// k <= (n/2 - 1)/2, then sin(2πk/n) for the same k.
void scant_real_power(const float *z, const float *turns, long n, float *power);

/// |x[k]|² of n complex values.
void scant_complex_power(const float *z, long n, float *power);

/// x[i] = √x[i] for i < n.
void scant_root(float *x, long n);

/// Triangles over bins: band b sums bins from `starts[b]`, as many as `weights` has between
/// `offsets[b]` and `offsets[b + 1]`.
typedef struct {
  long bins, bands;
  const long *starts, *offsets;
  const float *weights;
} scant_filters;

/// A block of power to y[b·ld + lane] for lanes below `used`; `scratch` has SCANT_LANES·(bins + 15)
/// floats. Every value is summed in the order of its bins.
void scant_filter_block(
    const scant_filters *f, const float *power, float *scratch, float *y, long ld, long used);

/// y[i] = scale·ln(max(factor·x[i] + offset, floor)) for n values of each of `rows` rows, in place;
/// the logarithm to 2 units in the last place.
void scant_log_rows(
    float *y, long rows, long ld, long n, float factor, float offset, float floor, float scale);

/// y [rows, n] = a [rows, inner] · x [inner, n], all row-major; every value is summed in order.
void scant_mix_rows(
    const float *a, const float *x, float *y, long rows, long inner, long n);

#endif
