#include "CKernels.h"
int scant_kernels_placeholder(void) { return 0; }
