// arithmetic.c — y[i] = f(a[i], b[i]) for i < n
#ifndef SCANT_ARITHMETIC_H
#define SCANT_ARITHMETIC_H

enum { SCANT_ADD, SCANT_SUBTRACT, SCANT_MULTIPLY, SCANT_DIVIDE };
void scant_binary(int op, const float *a, const float *b, float *y, long n);
/// y = p·a + q·b
void scant_blend(float p, const float *a, float q, const float *b, float *y, long n);
void scant_affine(const float *x, float scale, float shift, float *y, long n);
void scant_fill(float value, float *y, long n);
/// Shapes that broadcast: rank <= 8; a stride of 0 repeats.
void scant_binary_strided(
    int op, int rank, const long *shape, const float *a, const long *a_strides, const float *b,
    const long *b_strides, float *y);

#endif
