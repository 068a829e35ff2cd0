// zlib, as Debian and Ubuntu package it (zlib1g-dev).
#include <zlib.h>
