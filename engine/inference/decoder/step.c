/* One pass over all layers of a decoder for the newest rows of several pages, with 8-bit weights.

   The threads are woken once for all of it, and between two parts they meet. What a row becomes never depends on the
   rows beside it. All memory is the caller's (whole_step.py). */

#include <omp.h>

#include "looking.h"
#include "meeting.h"
#include "products.h"

/* A norm's weights are NULL where a layer has none, a router's where it has no experts. */
typedef struct {
    const float *before_attention, *of_queries, *of_keys, *after_attention, *before_feed_forward, *after_feed_forward;
    matrix joined, out, gate_up, down;
    const float *router; /* [experts, width] */
    matrix expert_gate_up, expert_down;
    ptrdiff_t experts, chosen;
    float importance; /* what the weights of the chosen are multiplied by */
} layer;

typedef struct {
    const layer *layers;
    ptrdiff_t count, width, heads, shared, depth, turning; /* so many numbers of a head are turned */
    int neighbours, wide; /* `wide`: pages are kept in float32 */
    float scaling, epsilon;
} decoder;

/* For so many rows: numbers [rows, …] and, of experts, [rows * chosen, …]; `whole` and `meaning` for either. */
typedef struct {
    float *normed, *opened, *closed, *seen, *queries, *scores, *expert_opened, *expert_closed, *weights;
    int16_t *whole, *expert_whole;
    float *meaning, *expert_meaning;
    int64_t *chosen, *sorted, *order; /* of every pair of a row and an expert; `order` is which pair stands there */
} room;

typedef struct {
    const decoder *by;
    const page *pages;
    ptrdiff_t rows, longest;
    int count;
    float *states;
    const float *cosines, *sines;
    room at;
} pass;

static void scale(const float *row, const float *weights, float epsilon, ptrdiff_t width, float *scaled) {
    float squares = 0;
#pragma omp simd reduction(+ : squares)
    for (ptrdiff_t i = 0; i < width; i++) squares += row[i] * row[i];
    float by = 1.0f / sqrtf(squares / (float)width + epsilon);
    for (ptrdiff_t i = 0; i < width; i++) scaled[i] = row[i] * by * weights[i];
}

static void turn(const decoder *by, float *head, const float *cosines, const float *sines) {
    float before[DEEPEST];
    ptrdiff_t half = by->turning / 2;
    memcpy(before, head, by->turning * sizeof *head);
    for (ptrdiff_t i = 0; i < by->turning; i++) {
        ptrdiff_t other = by->neighbours ? i ^ 1 : i < half ? i + half : i - half;
        head[i] = before[i] * cosines[i] + before[other] * sines[i];
    }
}

/* Queries become ready to ask, keys and values are kept where the page has room for them. */
static void split_head(const pass *it, const layer *here, ptrdiff_t number, const page *mine, ptrdiff_t row,
                       ptrdiff_t head) {
    const decoder *by = it->by;
    ptrdiff_t depth = by->depth, key = head - by->heads, value = key - by->shared;
    float *given = it->at.opened + (row * here->joined.outs + head * depth);
    const float *norm = key < 0 ? here->of_queries : here->of_keys;
    if (value < 0) {
        if (norm) scale(given, norm, by->epsilon, depth, given);
        turn(by, given, it->cosines + row * by->turning, it->sines + row * by->turning);
    }
    if (key < 0) {
        memcpy(it->at.queries + (row * by->heads + head) * depth, given, depth * sizeof *given);
        return;
    }
    int64_t place = mine->kept + row - mine->first;
    ptrdiff_t block = place / BLOCK * by->shared, within = place % BLOCK;
    if (value < 0) {
        ptrdiff_t start = number * mine->layer + (block + key) * depth * BLOCK + within;
        for (ptrdiff_t i = 0; i < depth; i++)
            keep(mine->keys + bytes_of(start + i * BLOCK, by->wide), given[i], by->wide);
    } else {
        ptrdiff_t start = number * mine->layer + ((block + value) * BLOCK + within) * depth;
        for (ptrdiff_t i = 0; i < depth; i++)
            keep(mine->values + bytes_of(start + i, by->wide), given[i], by->wide);
    }
}

static void look_as(const pass *it, ptrdiff_t number, const page *mine, ptrdiff_t row, ptrdiff_t head, float *scores) {
    const decoder *by = it->by;
    ptrdiff_t size = BLOCK * by->depth, place = (row * by->heads + head) * by->depth;
    ptrdiff_t start = bytes_of(number * mine->layer + head / (by->heads / by->shared) * size, by->wide);
    look(it->at.queries + place, mine->keys + start, mine->values + start, by->shared * size,
         mine->kept + row - mine->first + 1, by->depth, by->scaling, by->wide, scores, it->at.seen + place);
}

/* The weights of the best experts, and which they are; with no numbers, some that there are. */
static void choose(const layer *here, const float *row, ptrdiff_t width, int64_t *chosen, float *weights) {
    float scores[here->experts];
    for (ptrdiff_t expert = 0; expert < here->experts; expert++) {
        float sum = 0;
        const float *by = here->router + expert * width;
#pragma omp simd reduction(+ : sum)
        for (ptrdiff_t i = 0; i < width; i++) sum += row[i] * by[i];
        scores[expert] = sum;
    }
    float total = weigh(scores, here->experts);
    for (ptrdiff_t place = 0; place < here->chosen; place++) {
        ptrdiff_t best = 0;
        for (ptrdiff_t expert = 1; expert < here->experts; expert++)
            if (scores[expert] > scores[best]) best = expert;
        chosen[place] = best;
        weights[place] = scores[best] / total * here->importance;
        scores[best] = -1.0f;
    }
}

/* Those of one expert side by side, in the order of the experts; with what each of them is to multiply. */
static void sort_chosen(const pass *it, const layer *here) {
    ptrdiff_t pairs = it->rows * here->chosen, width = it->by->width, place = 0;
    for (ptrdiff_t expert = 0; expert < here->experts; expert++)
        for (ptrdiff_t pair = 0; pair < pairs; pair++)
            if (it->at.chosen[pair] == expert) {
                ptrdiff_t row = pair / here->chosen;
                it->at.sorted[place] = expert;
                it->at.order[pair] = place;
                it->at.expert_meaning[place] = it->at.meaning[row];
                memcpy(it->at.expert_whole + place++ * width, it->at.whole + row * width, width * sizeof(int16_t));
            }
}

static float let_through(float *gate_up, ptrdiff_t inner, int16_t *whole) {
    for (ptrdiff_t i = 0; i < inner; i++)
        gate_up[i] = gate_up[i] / (1.0f + power_of_e(-gate_up[i])) * gate_up[inner + i];
    return round_row(gate_up, whole, inner);
}

/* `addition` may be normed first; the row's answer is added to it. */
static void add_to(float *states, float *addition, const float *norm, float epsilon, ptrdiff_t width) {
    if (norm) scale(addition, norm, epsilon, width, addition);
    for (ptrdiff_t i = 0; i < width; i++) states[i] += addition[i];
}

static void end_row(const pass *it, const layer *here, ptrdiff_t row) {
    ptrdiff_t width = it->by->width;
    float *answer = it->at.closed + row * width;
    for (ptrdiff_t place = 0; here->router && place < here->chosen; place++) {
        ptrdiff_t pair = row * here->chosen + place;
        const float *closed = it->at.expert_closed + it->at.order[pair] * width;
        for (ptrdiff_t i = 0; i < width; i++) answer[i] += it->at.weights[pair] * closed[i];
    }
    add_to(it->states + row * width, answer, here->after_feed_forward, it->by->epsilon, width);
}

static const page *page_of(const pass *it, ptrdiff_t row) {
    const page *mine = it->pages;
    while (row >= mine->first + mine->tokens) mine++;
    return mine;
}

#define EACH(task, tasks) for (ptrdiff_t task = thread; task < (tasks); task += threads)

static void attend(const pass *it, const layer *here, ptrdiff_t number, int thread, int threads, meeting *all) {
    const decoder *by = it->by;
    ptrdiff_t width = by->width, split = by->heads + 2 * by->shared, seen = by->heads * by->depth;
    EACH(row, it->rows) {
        scale(it->states + row * width, here->before_attention, by->epsilon, width, it->at.normed + row * width);
        it->at.meaning[row] = round_row(it->at.normed + row * width, it->at.whole + row * width, width);
    }
    meet(all);
    multiply_part(thread, threads, here->joined, NULL, it->rows, it->at.whole, it->at.meaning, it->at.opened);
    meet(all);
    EACH(task, it->rows * split) {
        const page *mine = page_of(it, task / split);
        split_head(it, here, number, mine, task / split, task % split);
    }
    meet(all);
    EACH(task, it->rows * by->heads) {
        const page *mine = page_of(it, task / by->heads);
        look_as(it, number, mine, task / by->heads, task % by->heads, it->at.scores + thread * it->longest);
    }
    meet(all);
    EACH(row, it->rows) it->at.meaning[row] = round_row(it->at.seen + row * seen, it->at.whole + row * seen, seen);
    meet(all);
    multiply_part(thread, threads, here->out, NULL, it->rows, it->at.whole, it->at.meaning, it->at.closed);
    meet(all);
    EACH(row, it->rows)
        add_to(it->states + row * width, it->at.closed + row * width, here->after_attention, by->epsilon, width);
}

static void feed_forward(const pass *it, const layer *here, int thread, int threads, meeting *all) {
    const decoder *by = it->by;
    const room *at = &it->at;
    ptrdiff_t width = by->width, inner = here->down.width, pairs = here->router ? it->rows * here->chosen : 0;
    EACH(row, it->rows) {
        float *normed = at->normed + row * width;
        scale(it->states + row * width, here->before_feed_forward, by->epsilon, width, normed);
        at->meaning[row] = round_row(normed, at->whole + row * width, width);
        if (pairs) choose(here, normed, width, at->chosen + row * here->chosen, at->weights + row * here->chosen);
    }
    meet(all);
    if (pairs) {
        if (thread == 0) sort_chosen(it, here);
        meet(all);
        multiply_part(thread, threads, here->expert_gate_up, at->sorted, pairs, at->expert_whole, at->expert_meaning,
                      at->expert_opened);
    }
    multiply_part(thread, threads, here->gate_up, NULL, it->rows, at->whole, at->meaning, at->opened);
    meet(all);
    EACH(pair, pairs) {
        ptrdiff_t narrower = here->expert_down.width;
        at->expert_meaning[pair] = let_through(at->expert_opened + pair * 2 * narrower, narrower,
                                               at->expert_whole + pair * narrower);
    }
    EACH(row, it->rows)
        at->meaning[row] = let_through(at->opened + row * 2 * inner, inner, at->whole + row * inner);
    meet(all);
    if (pairs)
        multiply_part(thread, threads, here->expert_down, at->sorted, pairs, at->expert_whole, at->expert_meaning,
                      at->expert_closed);
    multiply_part(thread, threads, here->down, NULL, it->rows, at->whole, at->meaning, at->closed);
    meet(all);
    EACH(row, it->rows) end_row(it, here, row);
}

/* `states` [rows, width] become what the last layer gives; `longest` is the room for a thread's scores. */
void answer_rows(int threads, const decoder *by, const page *pages, int count, ptrdiff_t rows, float *states,
                 const float *cosines, const float *sines, const room *at, ptrdiff_t longest) {
    pass it = {by, pages, rows, longest, count, states, cosines, sines, *at};
    meeting all;
#pragma omp parallel num_threads(threads)
    {
#pragma omp single
        begin_meeting(&all, omp_get_num_threads());
        for (ptrdiff_t number = 0; number < by->count; number++) {
            attend(&it, by->layers + number, number, omp_get_thread_num(), all.threads, &all);
            feed_forward(&it, by->layers + number, omp_get_thread_num(), all.threads, &all);
        }
    }
    end_meeting(&all);
}
