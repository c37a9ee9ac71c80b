"""Hear all cases of the suite and print what came of them: `python -m tests.engine.inference.loop_suite`."""

from tests.engine.inference.test_loops import PARTS, hear, tokens_in

WITHIN = 400  # tokens


def main() -> None:
    for part, (pages, loops) in PARTS.items():
        real, looping = list(pages()), list(loops())
        cut = [case.name for case in real if hear(case).stopped is not None]
        late = []
        for case in looping:
            stopped = hear(case).stopped
            if stopped is None or stopped - tokens_in(case.answer[: case.loop]) > WITHIN:
                late.append(f"{case.name} ({'never' if stopped is None else stopped})")
        print(f"{part}: {len(cut)} of {len(real)} pages cut: {', '.join(cut) or 'none'}")
        print(f"{part}: {len(late)} of {len(looping)} loops late: {', '.join(late) or 'none'}")


if __name__ == "__main__":
    main()
