// activation.c — y[i] = f(x[i]) for i < n
#ifndef SCANT_ACTIVATION_H
#define SCANT_ACTIVATION_H

void scant_relu(const float *x, float *y, long n);
void scant_relu_back(const float *y, const float *dy, float *dx, long n);
void scant_clamp(const float *x, float low, float high, float *y, long n);
void scant_clamp_back(
    const float *x, float low, float high, const float *dy, float *dx, long n);
void scant_sigmoid(const float *x, float *y, long n);
void scant_sigmoid_back(const float *y, const float *dy, float *dx, long n);
/// x · min(max(x + 3, 0), 6) / 6
void scant_hardswish(const float *x, float *y, long n);
void scant_hardswish_back(const float *x, const float *dy, float *dx, long n);
void scant_exp(const float *x, float *y, long n);
void scant_log(const float *x, float *y, long n);

#endif
