/* How one query looks back at what a head has kept in bfloat16, in blocks of tokens. */

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define BLOCK 128   /* tokens in a block of keys or values */
#define DEEPEST 256 /* numbers of a head, a multiple of LANES */
#define LANES 16

typedef float lanes __attribute__((vector_size(4 * LANES)));
typedef uint32_t lane_bits __attribute__((vector_size(4 * LANES)));
typedef uint16_t halves __attribute__((vector_size(2 * LANES)));

static inline lanes widen(const uint16_t *bfloat16) {
    halves narrow;
    memcpy(&narrow, bfloat16, sizeof narrow);
    return (lanes)(__builtin_convertvector(narrow, lane_bits) << 16);
}

static inline uint16_t narrow(float number) {
    uint32_t bits;
    memcpy(&bits, &number, sizeof bits);
    if (isnan(number)) return 0x7fc0;
    return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16); /* to the nearest, of two the even one */
}

/* e to the power of `x`, to 2e-7 of it, in a way that compilers make vectors of. What is no number stays none. */
static inline float power_of_e(float x) {
    x = x > 88.0f ? 88.0f : x < -87.0f ? -87.0f : x;
    float twos = rintf(x * 1.44269504f);
    float rest = (x - twos * 0.693359375f) + twos * 2.12194440e-4f;
    float sum = 1.0f + rest * (1.0f + rest * (0.5f + rest * (1.66666657e-1f + rest * (4.16664853e-2f +
                rest * (8.33345205e-3f + rest * 1.39354682e-3f)))));
    int32_t bits = ((int32_t)twos + 127) << 23;
    float scale;
    memcpy(&scale, &bits, sizeof scale);
    return sum * scale;
}

/* Adds the rows of a table, each so many times. `parts` is known to the compiler, so that all sums stay in registers. */
static inline __attribute__((always_inline)) void add_rows(const float *times, const uint16_t *table, ptrdiff_t rows,
                                                           ptrdiff_t step, int parts, float *sums) {
    lanes sum[BLOCK / LANES];
    for (int part = 0; part < parts; part++) memcpy(sum + part, sums + part * LANES, sizeof *sum);
    for (ptrdiff_t row = 0; row < rows; row++)
        for (int part = 0; part < parts; part++) sum[part] += times[row] * widen(table + row * step + part * LANES);
    for (int part = 0; part < parts; part++) memcpy(sums + part * LANES, sum + part, sizeof *sum);
}

static void add_wide_rows(const float *times, const uint16_t *table, ptrdiff_t rows, int width, float *sums) {
    int done = 0;
    for (; done + 8 * LANES <= width; done += 8 * LANES) add_rows(times, table + done, rows, width, 8, sums + done);
    for (; done + 4 * LANES <= width; done += 4 * LANES) add_rows(times, table + done, rows, width, 4, sums + done);
    for (; done < width; done += LANES) add_rows(times, table + done, rows, width, 1, sums + done);
}

/* Scores become weights that add up to what is given. */
static float weigh(float *scores, ptrdiff_t count) {
    float most = -INFINITY, total = 0;
#pragma omp simd reduction(max : most)
    for (ptrdiff_t j = 0; j < count; j++) most = scores[j] > most ? scores[j] : most;
#pragma omp simd reduction(+ : total)
    for (ptrdiff_t j = 0; j < count; j++) total += scores[j] = power_of_e(scores[j] - most);
    return total;
}

/* One query at `tokens` of what one head has kept; `step` is from one block of it to the next. */
static void look(const float *query, const uint16_t *keys, const uint16_t *values, ptrdiff_t step, ptrdiff_t tokens,
                 int depth, float scaling, float *scores, float *seen) {
    float asked[DEEPEST], sums[DEEPEST] = {0};
    for (int i = 0; i < depth; i++) asked[i] = query[i] * scaling;
    for (ptrdiff_t block = 0; block * BLOCK < tokens; block++) {
        memset(scores + block * BLOCK, 0, BLOCK * sizeof *scores);
        add_rows(asked, keys + block * step, depth, BLOCK, BLOCK / LANES, scores + block * BLOCK);
    }
    float total = weigh(scores, tokens);
    for (ptrdiff_t block = 0; block * BLOCK < tokens; block++) {
        ptrdiff_t rows = tokens - block * BLOCK < BLOCK ? tokens - block * BLOCK : BLOCK;
        add_wide_rows(scores + block * BLOCK, values + block * step, rows, depth, sums);
    }
    for (int i = 0; i < depth; i++) seen[i] = sums[i] / total;
}

typedef struct {
    uint16_t *keys, *values;     /* [blocks, shared, depth, BLOCK] and [blocks, shared, BLOCK, depth] */
    ptrdiff_t layer;             /* from those of one layer to the next */
    int64_t kept, tokens, first; /* how many are kept before those that ask, and which row is the first of these */
} page;
