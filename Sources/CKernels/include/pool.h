// pool.c — worker threads that sleep when idle; indices are claimed one by one.
#ifndef SCANT_POOL_H
#define SCANT_POOL_H

typedef struct scant_pool scant_pool;
typedef void (*scant_body)(const void *context, long index);
scant_pool *scant_pool_create(int threads);
void scant_pool_run(scant_pool *pool, long count, scant_body body, const void *context);
/// The CPU time of the workers so far in s; 0 if the system does not report it.
double scant_pool_seconds(const scant_pool *pool);
void scant_pool_destroy(scant_pool *pool);

#endif
