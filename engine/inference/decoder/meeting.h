/* Where threads wait for each other: a moment awake, for mostly the last is about to come, and then asleep, for a
   neighbour may have taken its core. */

#include <pthread.h>
#include <stdatomic.h>

#define AWAKE 2000 /* looks, some tens of microseconds */

typedef struct {
    int threads;
    atomic_int there, round, asleep;
    pthread_mutex_t lock;
    pthread_cond_t woken;
} meeting;

static inline void pause_core(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static void begin_meeting(meeting *all, int threads) {
    all->threads = threads;
    atomic_init(&all->there, 0);
    atomic_init(&all->round, 0);
    atomic_init(&all->asleep, 0);
    pthread_mutex_init(&all->lock, NULL);
    pthread_cond_init(&all->woken, NULL);
}

static void end_meeting(meeting *all) {
    pthread_mutex_destroy(&all->lock);
    pthread_cond_destroy(&all->woken);
}

/* Until all threads have come. */
static void meet(meeting *all) {
    int round = atomic_load(&all->round);
    if (atomic_fetch_add(&all->there, 1) == all->threads - 1) {
        atomic_store(&all->there, 0);
        atomic_store(&all->round, round + 1);
        if (atomic_load(&all->asleep)) { /* who falls asleep now sees the new round first */
            pthread_mutex_lock(&all->lock);
            pthread_cond_broadcast(&all->woken);
            pthread_mutex_unlock(&all->lock);
        }
        return;
    }
    for (int looks = 0; looks < AWAKE; looks++) {
        if (atomic_load_explicit(&all->round, memory_order_acquire) != round) return;
        pause_core();
    }
    pthread_mutex_lock(&all->lock);
    atomic_fetch_add(&all->asleep, 1);
    while (atomic_load(&all->round) == round) pthread_cond_wait(&all->woken, &all->lock);
    atomic_fetch_sub(&all->asleep, 1);
    pthread_mutex_unlock(&all->lock);
}
