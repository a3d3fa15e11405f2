/* Shifts what a program takes for the time of day, by as many seconds as the file says that
 * SHIFTED_CLOCK names (eight bytes, read at each call). Monotonic clocks and every wait stay true,
 * as where a machine's clock is set. libfaketime 0.9.10 does not do: without shifting monotonic
 * clocks, too, it makes clock_nanosleep fail, and so time.sleep.
 *
 * cc -shared -fPIC -o shifted_clock.so shifted_clock.c -ldl; LD_PRELOAD=... */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *shift;
static int (*real_gettime)(clockid_t, struct timespec *);

/* Also called by a fork that was given another environment. */
void shifted_clock_begin(void) __attribute__((constructor));
void shifted_clock_begin(void) {
  static const int64_t none = 0;
  const char *path = getenv("SHIFTED_CLOCK");
  int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  void *page = file < 0 ? MAP_FAILED : mmap(0, 8, PROT_READ, MAP_SHARED, file, 0);
  real_gettime = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  shift = page == MAP_FAILED ? &none : (const volatile int64_t *)page;
  if (file >= 0) close(file);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  if (!shift) shifted_clock_begin();
  int failed = real_gettime(clock, now);
  if (!failed && clock == CLOCK_REALTIME) now->tv_sec += *shift;
  return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  struct timespec precise;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &precise);
  now->tv_sec = precise.tv_sec;
  now->tv_usec = precise.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *place) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (place) *place = now.tv_sec;
  return now.tv_sec;
}
