// The kernels of Scant, one family per file. All arrays are row-major float32. Except for the
// thread pool, no function allocates, locks or keeps state. Images are channels-last: [B, H, W, C].
#ifndef SCANT_CKERNELS_H
#define SCANT_CKERNELS_H

#include "activation.h"
#include "arithmetic.h"
#include "attention.h"
#include "attention_pooling.h"
#include "average_pooling.h"
#include "column_convolution.h"
#include "decibels.h"
#include "depthwise.h"
#include "direct.h"
#include "dropout.h"
#include "gemm.h"
#include "harmonic.h"
#include "info_nce.h"
#include "logmel.h"
#include "loss.h"
#include "normalization.h"
#include "optimizers.h"
#include "pool.h"
#include "pooling.h"
#include "power.h"
#include "reduction.h"
#include "reshape.h"
#include "rows.h"
#include "similarity.h"
#include "support.h"
#include "upsampling.h"
#include "window.h"
#include "winograd.h"

#endif
