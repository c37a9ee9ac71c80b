/* Products of few rows with 8-bit weights: sums of whole numbers that cannot overflow, so that an answer is the same,
   bit for bit, whatever else is multiplied beside it. */

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
#define MIN(a, b) ((a) < (b) ? (a) : (b))

/* [outs, width], or several of them one behind the other; `bias` may be NULL. */
typedef struct {
    const int8_t *weights;
    const float *scales, *bias;
    ptrdiff_t width, outs;
} matrix;

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

/* The part that one of so many threads does. Each of the rows goes by the one of the matrices that it has chosen, all
   by the first where `chosen` is NULL; those of one matrix stand together. */
static void multiply_part(int thread, int threads, matrix by, const int64_t *chosen, ptrdiff_t rows,
                          const int16_t *whole, const float *meaning, float *answers) {
    ptrdiff_t first = by.outs * thread / threads, last = by.outs * (thread + 1) / threads, end;
    for (ptrdiff_t start = 0; start < rows; start = end) {
        ptrdiff_t number = chosen ? chosen[start] : 0;
        for (end = start + 1; end < rows && end - start < IN_CACHE && (!chosen || chosen[end] == number); end++) {}
        const int8_t *weights = by.weights + number * by.outs * by.width;
        const float *scales = by.scales + number * by.outs;
        int wide = end - start < TOGETHER ? 1 : OUTS;
        for (ptrdiff_t out = first; out < last; out += wide) {
            int high = (int)MIN(last - out, wide);
            if (wide > 1) fetch(weights + (out + high) * by.width, high * by.width);
            for (ptrdiff_t row = start; row < end; row += TOGETHER) {
                int32_t sums[OUTS * TOGETHER];
                int count = (int)MIN(end - row, TOGETHER);
                multiply_rows(weights + out * by.width, whole + row * by.width, high, count, by.width, sums);
                for (int j = 0; j < high; j++)
                    for (int k = 0; k < count; k++)
                        answers[(row + k) * by.outs + out + j] =
                            (float)sums[j * count + k] * scales[out + j] * meaning[row + k] +
                            (by.bias ? by.bias[out + j] : 0.0f);
            }
        }
    }
}
