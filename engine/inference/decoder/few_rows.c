/* What a step of a decoder does to few rows: products with 8-bit weights, and looking back.

   Plain C, compiled for the processor it runs on (compiled.py). Products are sums of whole numbers that cannot
   overflow: an answer is the same, bit for bit, whatever else is multiplied beside it. All memory is the caller's. */

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define TOGETHER 4  /* rows that share a look at a weight */
#if defined(__AVX2__) && !defined(__AVX512F__)
#define OUTS 2 /* rows of weights that share a look at these: with sixteen registers few */
#else
#define OUTS 5 /* not four, from which compilers make something slower */
#endif
#define IN_CACHE 64 /* rows that are multiplied before the next ones of the same matrix */
#define BLOCK 128   /* tokens in a block of keys or values */
#define DEEPEST 256 /* numbers of a head */

/* Whole numbers for a row, as large as the sum of `width` products with 127 allows. Gives what one of them means. */
static float round_row(const float *row, int16_t *whole, ptrdiff_t width) {
    int32_t most = 0;
    for (ptrdiff_t i = 0; i < width; i++) {
        int32_t bits;
        memcpy(&bits, row + i, sizeof bits);
        bits &= 0x7fffffff; /* their order is that of the sizes */
        most = bits > most ? bits : most;
    }
    float size;
    memcpy(&size, &most, sizeof size);
    float largest = fminf(32767.0f, floorf(2147483000.0f / (127.0f * (float)width)));
    float finer = isfinite(size) && size > 1e-30f ? largest / size : 0.0f;
    for (ptrdiff_t i = 0; i < width; i++) whole[i] = (int16_t)rintf(row[i] * finer);
    return isfinite(size) ? size / largest : NAN;
}

/* Every part of the weights by every row; called with numbers that the compiler knows, so that all sums stay in
   registers. */
static inline __attribute__((always_inline)) void multiply_tile(const int8_t *weights, const int16_t *rows, int outs,
                                                                int count, ptrdiff_t width, int32_t *sums) {
    int32_t sum[OUTS][TOGETHER] = {{0}};
    for (ptrdiff_t i = 0; i < width; i++)
        for (int out = 0; out < outs; out++) {
            int16_t weight = weights[out * width + i];
            for (int row = 0; row < count; row++) sum[out][row] += weight * rows[row * width + i];
        }
    for (int out = 0; out < outs; out++)
        for (int row = 0; row < count; row++) sums[out * count + row] = sum[out][row];
}

static void multiply_rows(const int8_t *weights, const int16_t *rows, int outs, int count, ptrdiff_t width,
                          int32_t *sums) {
    if (count == TOGETHER && outs == OUTS) {
        multiply_tile(weights, rows, OUTS, TOGETHER, width, sums);
        return;
    }
    for (int out = 0; out < outs; out++, weights += width, sums += count) {
        if (count == TOGETHER) {
            multiply_tile(weights, rows, 1, TOGETHER, width, sums);
        } else {
            for (int row = 0; row < count; row++) multiply_tile(weights, rows + row * width, 1, 1, width, sums + row);
        }
    }
}

/* What comes next is on its way from memory while this is multiplied. */
static void fetch(const int8_t *weights, ptrdiff_t size) {
    for (ptrdiff_t i = 0; i < size; i += 64) __builtin_prefetch(weights + i, 0, 2);
}

/* Each of `given` [rows, width] by the one of the matrices [matrices, outs, width] that it has chosen; those of one
   matrix stand together. `whole` and `meaning` are room for as many numbers and rows. */
void multiply(int threads, const int8_t *weights, const float *scales, const int64_t *chosen, ptrdiff_t rows,
              ptrdiff_t width, ptrdiff_t outs, const float *given, int16_t *whole, float *meaning, float *answers) {
    for (ptrdiff_t row = 0; row < rows; row++)
        meaning[row] = round_row(given + row * width, whole + row * width, width);
#pragma omp parallel for num_threads(threads)
    for (int part = 0; part < threads; part++) {
        ptrdiff_t first = outs * part / threads, last = outs * (part + 1) / threads, end;
        for (ptrdiff_t start = 0; start < rows; start = end) {
            for (end = start + 1; end < rows && end - start < IN_CACHE && chosen[end] == chosen[start]; end++) {}
            const int8_t *matrix = weights + chosen[start] * outs * width;
            const float *scale = scales + chosen[start] * outs;
            int wide = end - start < TOGETHER ? 1 : OUTS;
            for (ptrdiff_t out = first; out < last; out += wide) {
                int high = last - out < wide ? (int)(last - out) : wide;
                if (wide > 1) fetch(matrix + (out + high) * width, high * width);
                for (ptrdiff_t row = start; row < end; row += TOGETHER) {
                    int32_t sums[OUTS * TOGETHER];
                    int count = end - row < TOGETHER ? (int)(end - row) : TOGETHER;
                    multiply_rows(matrix + out * width, whole + row * width, high, count, width, sums);
                    for (int j = 0; j < high; j++)
                        for (int k = 0; k < count; k++)
                            answers[(row + k) * outs + out + j] =
                                (float)sums[j * count + k] * scale[out + j] * meaning[row + k];
                }
            }
        }
    }
}

static inline float widen(uint16_t bfloat16) {
    uint32_t bits = (uint32_t)bfloat16 << 16;
    float number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

static inline uint16_t narrow(float number) {
    uint32_t bits;
    memcpy(&bits, &number, sizeof bits);
    if (isnan(number)) return 0x7fc0;
    return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16); /* to the nearest, of two the even one */
}

/* One query at `tokens` of what one head has kept; `step` is from one block of it to the next. */
static void look(const uint16_t *query, const uint16_t *keys, const uint16_t *values, ptrdiff_t step, ptrdiff_t tokens,
                 int depth, float scaling, float *scores, uint16_t *seen) {
    float asked[DEEPEST], sums[DEEPEST] = {0}, most = -INFINITY, total = 0;
    for (int i = 0; i < depth; i++) asked[i] = widen(query[i]) * scaling;
    for (ptrdiff_t block = 0; block * BLOCK < tokens; block++) {
        float near[BLOCK] = {0};
        for (int i = 0; i < depth; i++)
            for (int j = 0; j < BLOCK; j++) near[j] += asked[i] * widen(keys[block * step + i * BLOCK + j]);
        memcpy(scores + block * BLOCK, near, sizeof near);
    }
    for (ptrdiff_t j = 0; j < tokens; j++) most = scores[j] > most ? scores[j] : most;
    for (ptrdiff_t j = 0; j < tokens; j++) total += scores[j] = expf(scores[j] - most);
    for (ptrdiff_t j = 0; j < tokens; j++) {
        const uint16_t *value = values + j / BLOCK * step + j % BLOCK * depth;
        for (int i = 0; i < depth; i++) sums[i] += scores[j] * widen(value[i]);
    }
    for (int i = 0; i < depth; i++) seen[i] = narrow(sums[i] / total);
}

typedef struct {
    const uint16_t *keys, *values; /* [blocks, shared, depth, BLOCK] and [blocks, shared, BLOCK, depth] */
    int64_t kept, tokens;          /* how many are kept before those that ask */
} page;

/* `seen` is [tokens of all pages, heads, depth], and so are `queries`, but for more numbers in a `row`. A token
   looks at itself and at all before it. `scores` is room [pages, heads, longest], in whole blocks. */
void look_back(int threads, const page *pages, int count, int heads, int shared, int depth, float scaling,
               const uint16_t *queries, ptrdiff_t row, float *scores, ptrdiff_t longest, uint16_t *seen) {
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (int task = 0; task < count * heads; task++) {
        int number = task / heads, head = task % heads, key = head / (heads / shared);
        ptrdiff_t first = 0, size = BLOCK * (ptrdiff_t)depth;
        for (int k = 0; k < number; k++) first += pages[k].tokens;
        page it = pages[number];
        for (int64_t token = 0; token < it.tokens; token++)
            look(queries + (first + token) * row + head * depth, it.keys + key * size, it.values + key * size,
                 shared * size, it.kept + token + 1, depth, scaling, scores + task * longest,
                 seen + ((first + token) * heads + head) * depth);
    }
}
