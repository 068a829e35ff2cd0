#ifndef SCANT_CKERNELS_H
#define SCANT_CKERNELS_H
int scant_kernels_placeholder(void);
#endif
