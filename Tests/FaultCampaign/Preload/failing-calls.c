// Preloaded into Scant by the fault campaign: one chosen system call fails, or ends the process.
//
//   FAULT_CALL    open, read, write, close, fsync, rename, flock or mkdir
//   FAULT_PATH    calls on files whose path begins with this are counted
//   FAULT_AT      the number of the call that is disturbed, from 1; 0 disturbs none
//   FAULT_REST    when set, all later calls are disturbed too
//   FAULT_ERRNO   the error that a disturbed call reports
//   FAULT_KILL    when set, the process is killed instead, before the call does anything
//   FAULT_COUNTS  a file that receives one line "call count" for each call at the end
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPEN, READ, WRITE, CLOSE, FSYNC, RENAME, FLOCK, MKDIR, CALLS };
static const char *const names[CALLS] = {
    "open", "read", "write", "close", "fsync", "rename", "flock", "mkdir"};
static atomic_long counts[CALLS];

static int chosen = -1, keeps_on, code = EIO, kills;
static long chosen_number;
static const char *folder, *counts_file;
static size_t folder_length;

static const char *text(const char *name) {
  const char *value = getenv(name);
  return value ? value : "";
}

__attribute__((constructor)) static void begin(void) {
  for (int call = 0; call < CALLS; call++) {
    if (!strcmp(names[call], text("FAULT_CALL"))) chosen = call;
  }
  chosen_number = atol(text("FAULT_AT"));
  keeps_on = *text("FAULT_REST") != 0;
  kills = *text("FAULT_KILL") != 0;
  if (*text("FAULT_ERRNO")) code = atoi(text("FAULT_ERRNO"));
  counts_file = strdup(text("FAULT_COUNTS"));
  folder_length = strlen(text("FAULT_PATH"));
  if (folder_length) folder = strdup(text("FAULT_PATH"));
}

__attribute__((destructor)) static void end(void) {
  if (!counts_file || !*counts_file) return;
  folder = NULL;  // The file of counts is not counted.
  FILE *file = fopen(counts_file, "w");
  if (!file) return;
  for (int call = 0; call < CALLS; call++) {
    fprintf(file, "%s %ld\n", names[call], atomic_load(&counts[call]));
  }
  fclose(file);
}

// Counts a call on `path`. 1, with `errno` set, when this one is to fail.
static int fails(int call, const char *path) {
  if (!folder || !path || strncmp(path, folder, folder_length)) return 0;
  long number = atomic_fetch_add(&counts[call], 1) + 1;
  if (call != chosen || !chosen_number) return 0;
  if (number != chosen_number && !(keeps_on && number > chosen_number)) return 0;
  if (kills) kill(getpid(), SIGKILL);
  errno = code;
  return 1;
}

static int fails_on(int call, int descriptor) {
  if (!folder) return 0;
  int before = errno;
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  errno = before;
  if (length <= 0 || path[0] != '/') return 0;
  path[length] = 0;
  return fails(call, path);
}

static int fails_at(int call, int directory, const char *name) {
  if (!folder || !name) return 0;
  if (name[0] == '/' || directory == AT_FDCWD) return fails(call, name);
  int before = errno;
  char link[64], path[8192];
  snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
  ssize_t length = readlink(link, path, 4095);
  errno = before;
  if (length <= 0 || path[0] != '/') return 0;
  snprintf(path + length, sizeof path - length, "/%s", name);
  return fails(call, path);
}

// The function that this one stands before.
#define REAL(name) \
  static __typeof__(name) *real; \
  if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static mode_t mode_of(int flags, va_list list) {
  return flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;
}

#define OPENS(name) \
  int name(const char *path, int flags, ...) { \
    REAL(name); \
    va_list list; \
    va_start(list, flags); \
    mode_t mode = mode_of(flags, list); \
    va_end(list); \
    return fails(OPEN, path) ? -1 : real(path, flags, mode); \
  }
OPENS(open)
OPENS(open64)

#define OPENS_AT(name) \
  int name(int directory, const char *path, int flags, ...) { \
    REAL(name); \
    va_list list; \
    va_start(list, flags); \
    mode_t mode = mode_of(flags, list); \
    va_end(list); \
    return fails_at(OPEN, directory, path) ? -1 : real(directory, path, flags, mode); \
  }
OPENS_AT(openat)
OPENS_AT(openat64)

#define OPENS_STREAM(name) \
  FILE *name(const char *path, const char *mode) { \
    REAL(name); \
    return fails(OPEN, path) ? NULL : real(path, mode); \
  }
OPENS_STREAM(fopen)
OPENS_STREAM(fopen64)

DIR *opendir(const char *path) {
  REAL(opendir);
  return fails(OPEN, path) ? NULL : real(path);
}

ssize_t read(int file, void *bytes, size_t count) {
  REAL(read);
  return fails_on(READ, file) ? -1 : real(file, bytes, count);
}

ssize_t pread(int file, void *bytes, size_t count, off_t offset) {
  REAL(pread);
  return fails_on(READ, file) ? -1 : real(file, bytes, count, offset);
}

ssize_t pread64(int file, void *bytes, size_t count, off64_t offset) {
  REAL(pread64);
  return fails_on(READ, file) ? -1 : real(file, bytes, count, offset);
}

ssize_t write(int file, const void *bytes, size_t count) {
  REAL(write);
  return fails_on(WRITE, file) ? -1 : real(file, bytes, count);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
  REAL(pwrite);
  return fails_on(WRITE, file) ? -1 : real(file, bytes, count, offset);
}

ssize_t writev(int file, const struct iovec *pieces, int count) {
  REAL(writev);
  return fails_on(WRITE, file) ? -1 : real(file, pieces, count);
}

int close(int file) {
  REAL(close);
  int failing = fails_on(CLOSE, file);
  int result = real(file);  // The descriptor is gone also where the system reports an error.
  if (!failing) return result;
  errno = code;
  return -1;
}

int fsync(int file) {
  REAL(fsync);
  return fails_on(FSYNC, file) ? -1 : real(file);
}

int fdatasync(int file) {
  REAL(fdatasync);
  return fails_on(FSYNC, file) ? -1 : real(file);
}

int rename(const char *old, const char *new) {
  REAL(rename);
  return fails(RENAME, new) ? -1 : real(old, new);
}

int flock(int file, int operation) {
  static int (*real)(int, int);
  if (!real) real = (int (*)(int, int))dlsym(RTLD_NEXT, "flock");
  return fails_on(FLOCK, file) ? -1 : real(file, operation);
}

int mkdir(const char *path, mode_t mode) {
  REAL(mkdir);
  return fails(MKDIR, path) ? -1 : real(path, mode);
}
