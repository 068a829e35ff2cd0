#include "CFluidSynth.h"
int scant_fluid_placeholder(void) { return 0; }
