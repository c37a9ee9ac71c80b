/* What is done to few rows where torch does the rest: products with 8-bit weights, and looking back.

   Plain C, compiled for the processor it runs on (compiled.py). All memory is the caller's. */

#include "looking.h"
#include "products.h"

/* Each of `given` [rows, width] by the one of the matrices [matrices, outs, width] that it has chosen; those of one
   matrix stand together. `whole` and `meaning` are room for as many numbers and rows. */
void multiply(int threads, const int8_t *weights, const float *scales, const int64_t *chosen, ptrdiff_t rows,
              ptrdiff_t width, ptrdiff_t outs, const float *given, int16_t *whole, float *meaning, float *answers) {
    for (ptrdiff_t row = 0; row < rows; row++)
        meaning[row] = round_row(given + row * width, whole + row * width, width);
    matrix by = {weights, scales, NULL, width, outs};
#pragma omp parallel for num_threads(threads)
    for (int thread = 0; thread < threads; thread++)
        multiply_part(thread, threads, by, chosen, rows, whole, meaning, answers);
}

/* `seen` is [tokens of all pages, heads, depth], and so are `queries`, but for more numbers in a `row`. A token
   looks at itself and at all before it. `scores` is room [pages, heads, longest], in whole blocks. */
void look_back(int threads, const page *pages, int count, int heads, int shared, int depth, float scaling, int wide,
               const char *queries, ptrdiff_t row, float *scores, ptrdiff_t longest, char *seen) {
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (int task = 0; task < count * heads; task++) {
        page it = pages[task / heads];
        int head = task % heads, key = head / (heads / shared);
        ptrdiff_t size = BLOCK * (ptrdiff_t)depth;
        for (int64_t token = 0; token < it.tokens; token++) {
            float query[DEEPEST], answer[DEEPEST];
            for (int i = 0; i < depth; i += LANES) {
                ptrdiff_t place = (it.first + token) * row + head * depth + i;
                lanes some = kept_lanes(queries + bytes_of(place, wide), wide);
                memcpy(query + i, &some, sizeof some);
            }
            look(query, it.keys + bytes_of(key * size, wide), it.values + bytes_of(key * size, wide), shared * size,
                 it.kept + token + 1, depth, scaling, wide, scores + task * longest, answer);
            ptrdiff_t place = ((it.first + token) * heads + head) * depth;
            for (int i = 0; i < depth; i++) keep(seen + bytes_of(place + i, wide), answer[i], wide);
        }
    }
}
