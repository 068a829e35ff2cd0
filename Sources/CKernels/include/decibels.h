// decibels.c — logarithms of power
#ifndef SCANT_DECIBELS_H
#define SCANT_DECIBELS_H

/// y = 10·log10(max(x, floor)), floor a normal float above 0.
void scant_decibels(const float *x, float floor, float *y, long n);
/// dx = dy·10/(x·ln 10), 0 where x is below the floor.
void scant_decibels_back(const float *x, float floor, const float *dy, float *dx, long n);

#endif
