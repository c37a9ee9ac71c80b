from tests.daemon.services.golden import CASES, file_of, told

for case in CASES:
    file_of(case).write_text(told(case), encoding="utf-8", newline="\n")
