// support.c — the loops of support vector machines
#ifndef SCANT_SUPPORT_H
#define SCANT_SUPPORT_H

/// products[j] = exp(-gamma max(0, norm + norms[j] - 2 products[j])): converts the inner products
/// of a row with n others to values of the radial basis function.
void scant_radial(float *products, const float *norms, float norm, float gamma, long n);

/// f += a ki + b kj; returns the index of the minimum of f + cost. cost is 0 if a multiplier may
/// move in this direction, otherwise infinity.
long scant_smo_move(
    double *f, const float *ki, double a, const float *kj, double b, const double *cost, long n);

/// Where (f - least)^2 / (kii + diagonal - 2 ki) is largest among f > least and cost 0; -1 where
/// there is no such place. `largest` receives the largest f - cost.
long scant_smo_partner(
    const double *f, const double *cost, const float *ki, const float *diagonal, double least,
    double kii, long n, double *largest);

#endif
