// dropout.c
#ifndef SCANT_DROPOUT_H
#define SCANT_DROPOUT_H

#include <stdint.h>

/// Inverted dropout: y = 0 with probability `rate`, rounded to 1/65536, else x / (1 - rate).
/// Element i's draw depends on (seed, first + i) alone; `first` is a multiple of 32.
void scant_dropout(
    const float *x, uint64_t seed, long first, float rate, float *y, long n);
/// The same in place.
void scant_drop(float *x, uint64_t seed, long first, float rate, long n);

#endif
