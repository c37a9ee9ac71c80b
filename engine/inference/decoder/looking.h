/* How one query looks back at what a head has kept in blocks of tokens, as bfloat16 or, `wide`, as float32.

   Functions that take `wide` are made for each of both. */

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define BLOCK 128   /* tokens in a block of keys or values */
#define DEEPEST 256 /* numbers of a head, a multiple of sixteen */
#define PARTS 8     /* vectors of sums that fit in registers */
#if defined(__AVX512F__)
#define LANES 16
#elif defined(__AVX2__)
#define LANES 8
#else
#define LANES 4
#endif

typedef float lanes __attribute__((vector_size(4 * LANES)));
typedef uint32_t lane_bits __attribute__((vector_size(4 * LANES)));
typedef uint16_t halves __attribute__((vector_size(2 * LANES)));

#define ALWAYS static inline __attribute__((always_inline))

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

ALWAYS ptrdiff_t bytes_of(ptrdiff_t numbers, int wide) { return numbers * (wide ? 4 : 2); }

ALWAYS lanes kept_lanes(const char *from, int wide) {
    if (!wide) return widen((const uint16_t *)from);
    lanes some;
    memcpy(&some, from, sizeof some);
    return some;
}

ALWAYS void keep(char *at, float number, int wide) {
    if (wide)
        *(float *)at = number;
    else
        *(uint16_t *)at = narrow(number);
}

/* Adds the rows of a table, each so many times. `parts` is known to the compiler, so that all sums stay in registers. */
ALWAYS void add_rows(const float *times, const char *table, ptrdiff_t rows, ptrdiff_t step, int parts, int wide,
                     float *sums) {
    lanes sum[PARTS];
    for (int part = 0; part < parts; part++) memcpy(sum + part, sums + part * LANES, sizeof *sum);
    for (ptrdiff_t row = 0; row < rows; row++)
        for (int part = 0; part < parts; part++)
            sum[part] += times[row] * kept_lanes(table + bytes_of(row * step + part * LANES, wide), wide);
    for (int part = 0; part < parts; part++) memcpy(sums + part * LANES, sum + part, sizeof *sum);
}

/* Of any width. */
ALWAYS void add_all(const float *times, const char *table, ptrdiff_t rows, ptrdiff_t width, int wide, float *sums) {
    ptrdiff_t done = 0, most = PARTS * LANES;
    for (; done + most <= width; done += most)
        add_rows(times, table + bytes_of(done, wide), rows, width, PARTS, wide, sums + done);
    for (; done < width; done += LANES)
        add_rows(times, table + bytes_of(done, wide), rows, width, 1, wide, sums + done);
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

ALWAYS void look_at(const float *query, const char *keys, const char *values, ptrdiff_t step, ptrdiff_t tokens,
                    ptrdiff_t depth, float scaling, int wide, float *scores, float *seen) {
    float asked[DEEPEST], sums[DEEPEST] = {0};
    for (ptrdiff_t i = 0; i < depth; i++) asked[i] = query[i] * scaling;
    memset(scores, 0, (tokens + BLOCK - 1) / BLOCK * BLOCK * sizeof *scores);
    for (ptrdiff_t block = 0; block * BLOCK < tokens; block++)
        add_all(asked, keys + bytes_of(block * step, wide), depth, BLOCK, wide, scores + block * BLOCK);
    float total = weigh(scores, tokens);
    for (ptrdiff_t block = 0; block * BLOCK < tokens; block++) {
        ptrdiff_t rows = tokens - block * BLOCK < BLOCK ? tokens - block * BLOCK : BLOCK;
        add_all(scores + block * BLOCK, values + bytes_of(block * step, wide), rows, depth, wide, sums);
    }
    for (ptrdiff_t i = 0; i < depth; i++) seen[i] = sums[i] / total;
}

/* One query at `tokens` of what one head has kept; `step` is from one block of it to the next. */
static void look(const float *query, const char *keys, const char *values, ptrdiff_t step, ptrdiff_t tokens,
                 ptrdiff_t depth, float scaling, int wide, float *scores, float *seen) {
    if (wide)
        look_at(query, keys, values, step, tokens, depth, scaling, 1, scores, seen);
    else
        look_at(query, keys, values, step, tokens, depth, scaling, 0, scores, seen);
}

typedef struct {
    char *keys, *values;         /* [blocks, shared, depth, BLOCK] and [blocks, shared, BLOCK, depth] */
    ptrdiff_t layer;             /* from those of one layer to the next */
    int64_t kept, tokens, first; /* how many are kept before those that ask, and which row is the first of these */
} page;
