// power.c — y[i] = f(x[i]) for i < n
#ifndef SCANT_POWER_H
#define SCANT_POWER_H

void scant_abs(const float *x, float *y, long n);
void scant_abs_back(const float *x, const float *dy, float *dx, long n);
void scant_sqrt(const float *x, float *y, long n);

#endif
